"""EFS: moto has neither UpdateFileSystem nor DeleteFileSystemPolicy, so that a throughput mode could not be changed,
nor a policy destroyed.
"""

import json
from typing import Any

from moto.efs.exceptions import FileSystemNotFound
from moto.efs.models import FileSystem
from moto.efs.responses import EFSResponse

from trackstack_infra.local.cloud.patches.patching import add

_JSON = {"Content-Type": "application/json"}


def apply() -> None:
    add(EFSResponse, "update_file_system", _update_file_system)
    add(EFSResponse, "delete_file_system_policy", _delete_file_system_policy)


def _update_file_system(self: EFSResponse) -> tuple[str, dict[str, Any]]:
    found = _file_system(self)
    found.throughput_mode = self._get_param("ThroughputMode") or found.throughput_mode
    found.provisioned_throughput_in_mibps = self._get_param("ProvisionedThroughputInMibps")
    return json.dumps(found.info_json()), {"status": 202, **_JSON}


def _delete_file_system_policy(self: EFSResponse) -> tuple[str, dict[str, Any]]:
    _file_system(self).file_system_policy = None
    return "{}", dict(_JSON)


def _file_system(self: EFSResponse) -> FileSystem:
    ref = self._get_param("FileSystemId")
    found = self.efs_backend.file_systems_by_id.get(ref)
    if found is None:
        raise FileSystemNotFound(ref)
    return found
