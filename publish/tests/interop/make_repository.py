"""Makes a repository with python-tuf: a rotated root, thresholds, one delegation.

usage: make_repository.py FOLDER
"""

import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

folder = Path(sys.argv[1])
expires = (datetime.now(timezone.utc) + timedelta(days=30)).replace(microsecond=0)


def keys(count):
    return [CryptoSigner.generate_ed25519() for _ in range(count)]


def write(name, signed, signers):
    metadata = Metadata(signed)
    for signer in signers:
        metadata.sign(signer, append=True)
    data = metadata.to_bytes()
    (folder / "metadata" / name).write_bytes(data)
    return MetaFile.from_data(signed.version, data, ["sha256"])


def add_target(targets, path, content):
    target = TargetFile.from_data(path, content, ["sha256", "sha512"])
    targets.targets[path] = target
    name = Path(path)
    file = folder / "targets" / name.parent / f"{target.hashes['sha256']}.{name.name}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


(folder / "metadata").mkdir(parents=True)
old, new, listed, online, regional = keys(3), keys(3), keys(2), keys(1), keys(2)

root = Root(expires=expires, consistent_snapshot=True)
for role, signers, threshold in [("root", old, 2), ("targets", listed, 2), ("snapshot", online, 1), ("timestamp", online, 1)]:
    for signer in signers:
        root.add_key(signer.public_key, role)
    root.roles[role].threshold = threshold
write("1.root.json", root, old[:2])
for signer in old:
    root.revoke_key(signer.public_key.keyid, "root")
for signer in new:
    root.add_key(signer.public_key, "root")
root.version = 2
write("2.root.json", root, [*old[1:], *new[:2]])

regions = Targets(expires=expires)
add_target(regions, "regions/29.bin", b"29")
role = DelegatedRole("regions", [], 2, True, paths=["regions/*"])
targets = Targets(expires=expires, delegations=Delegations({}, {"regions": role}))
for signer in regional:
    targets.add_key(signer.public_key, "regions")
add_target(targets, "national.bin", "été".encode())
targets.unrecognized_fields["x-bon-guichet-published"] = "2026-11-22T00:00:00Z"
meta = {
    "regions.json": write("1.regions.json", regions, regional),
    "targets.json": write("1.targets.json", targets, listed),
}
snapshot = write("1.snapshot.json", Snapshot(expires=expires, meta=meta), online)
write("timestamp.json", Timestamp(expires=expires, snapshot_meta=snapshot), online)
