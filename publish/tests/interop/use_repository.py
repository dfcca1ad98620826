"""Updates from a repository in a folder with python-tuf's client, and fetches targets.

usage: use_repository.py REPOSITORY WORK TARGET...

Prints the versions of the metadata that is trusted then, and each target's bytes as code points.
"""

import json
import sys
from pathlib import Path
from urllib.parse import unquote

from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import FetcherInterface, Updater

repository, work, names = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]


class FolderFetcher(FetcherInterface):
    def _fetch(self, url):
        file = repository / unquote(url)
        if not file.is_file():
            raise DownloadHTTPError(f"no {file}", 404)
        return iter([file.read_bytes()])


(work / "metadata").mkdir(parents=True)
(work / "targets").mkdir()
updater = Updater(
    str(work / "metadata"),
    "metadata/",
    str(work / "targets"),
    "targets/",
    fetcher=FolderFetcher(),
    bootstrap=(repository / "metadata/1.root.json").read_bytes(),
)
updater.refresh()
contents = {}
for name in names:
    target = updater.get_targetinfo(name)
    contents[name] = Path(updater.download_target(target)).read_bytes().decode("latin-1") if target else None
versions = {
    role: json.loads((work / "metadata" / f"{role}.json").read_bytes())["signed"]["version"]
    for role in ["root", "timestamp", "snapshot", "targets"]
}
print(json.dumps({"contents": contents, "versions": versions}))
