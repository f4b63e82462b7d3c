"""Run by the Python of an environment that has only the built wheel: what a user gets is whole, silent and quick."""

import contextlib
import importlib.metadata
import importlib.resources
import io
import subprocess
import sys
import time

began = time.perf_counter()
printed = io.StringIO()
with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
    import negassoc
took = time.perf_counter() - began

assert printed.getvalue() == "", printed.getvalue()
assert took < 0.2, f"import took {took:.3f} s"
heavy = {"httpx", "jieba", "click", "typer", "rich"} & {name.partition(".")[0] for name in sys.modules}
assert not heavy, f"import negassoc brings in {heavy}"
assert "site-packages" in (negassoc.__file__ or ""), negassoc.__file__
assert negassoc.__version__ == importlib.metadata.version("negassoc")

files = importlib.resources.files("negassoc")
assert files.joinpath("py.typed").is_file()
data = [entry.name for entry in files.joinpath("data").iterdir()]
assert "facts.toml" in data, data

for name in negassoc.__all__:
    getattr(negassoc, name)
verdict = negassoc.RuleClassifier(negassoc.Brand("示例茶")).classify("在示例茶下单，退款一个月没到账，客服不理人，避雷")
assert verdict.type is negassoc.AssociationType.CUSTOMER_COMPLAINT, verdict.type
assert verdict.why()
assert len(negassoc.Pack.default().plan(verdict)) > 5

bare = subprocess.run([sys.executable, "-m", "negassoc", "facts"], capture_output=True, text=True, check=False)
assert bare.returncode == 2, bare
assert bare.stderr.strip() == "negassoc: the command needs an optional dependency: pip install 'negassoc[cli]'", bare.stderr
print(f"wheel: {len(negassoc.__all__)} names, {len(data)} data entries, import {took * 1000:.0f} ms")
