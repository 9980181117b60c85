"""Every action of IAM and STS, its raw reply element by element against botocore's model of them."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from botocore.parsers import create_parser
from botocore.session import get_session

import pail
from clients import client_for, fresh_name, refusal
from test_iam import allow, key_of, trust

MODELS = {name: get_session().get_service_model(name) for name in ("iam", "sts")}
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def answered() -> dict[str, set[str]]:
    """The actions that docs/iam.md says are answered."""
    text = (pail.ROOT / "docs/iam.md").read_text()
    parts = text.split("\n## Actions\n")[1].split("\n## ")[0]
    rows = {row.split("|")[1].strip(): set(re.findall(r"`(\w+)`", row)) for row in parts.splitlines() if row.startswith("| ")}
    return {"sts": rows["STS"], "iam": set().union(*(names for what, names in rows.items() if what != "STS"))}


class Recorder:
    """Clients whose replies are kept as they came."""

    def __init__(self, endpoint):
        self.replies = []
        self.endpoint = endpoint
        self.iam, self.sts = self.client("iam"), self.client("sts")

    def client(self, service, key=pail.ROOT_KEY):
        made = client_for(self.endpoint, key, service=service)
        made.meta.events.register(f"before-parse.{service}", self.keep)
        return made

    def keep(self, operation_model, response_dict, **_):
        self.replies.append((operation_model, response_dict))


def everything(recorder):
    """Calls every action at least once with all that it can answer."""
    iam, name = recorder.iam, fresh_name()
    user, group, role = {"UserName": name}, {"GroupName": name}, {"RoleName": name}
    tags = {"Tags": [{"Key": "k", "Value": "v"}]}
    document = allow("s3:*")
    iam.create_user(**user, **tags, Path="/p/")
    iam.create_group(**group)
    iam.create_role(**role, **tags, AssumeRolePolicyDocument=trust("000000000000"), Description="why")
    policy = {"PolicyArn": iam.create_policy(PolicyName=name, PolicyDocument=document, Description="why", **tags)["Policy"]["Arn"]}
    for kind, who in (("user", user), ("group", group), ("role", role)):
        getattr(iam, f"get_{kind}")(**who)
        getattr(iam, f"list_{kind}s")()
        getattr(iam, f"put_{kind}_policy")(**who, PolicyName="own", PolicyDocument=document)
        getattr(iam, f"get_{kind}_policy")(**who, PolicyName="own")
        getattr(iam, f"list_{kind}_policies")(**who)
        getattr(iam, f"delete_{kind}_policy")(**who, PolicyName="own")
        getattr(iam, f"attach_{kind}_policy")(**who, **policy)
        getattr(iam, f"list_attached_{kind}_policies")(**who)
    for kind, who in (("user", user), ("role", role), ("policy", policy)):
        getattr(iam, f"tag_{kind}")(**who, **tags)
        getattr(iam, f"list_{kind}_tags")(**who)
    iam.add_user_to_group(**user, **group)
    iam.get_group(**group)
    iam.list_groups_for_user(**user)
    iam.get_policy(**policy)
    iam.list_policies(OnlyAttached=True)
    iam.list_policies(MaxItems=1)
    iam.list_entities_for_policy(**policy)
    version = {"VersionId": iam.create_policy_version(**policy, PolicyDocument=document)["PolicyVersion"]["VersionId"]}
    iam.get_policy_version(**policy, **version)
    iam.list_policy_versions(**policy)
    iam.set_default_policy_version(**policy, **version)
    iam.delete_policy_version(**policy, VersionId="v1")
    key = key_of(iam.create_access_key(**user)["AccessKey"])
    iam.list_access_keys(**user)
    iam.get_access_key_last_used(AccessKeyId=key.access)
    iam.get_account_summary()
    iam.list_open_id_connect_providers()
    iam.list_saml_providers()
    sts, arn = recorder.client("sts", key), iam.get_role(**role)["Role"]["Arn"]
    sts.get_caller_identity()
    iam.get_access_key_last_used(AccessKeyId=key.access)
    sts.get_session_token()
    iam.update_assume_role_policy(**role, PolicyDocument=trust(iam.get_user(**user)["User"]["Arn"]))
    sts.assume_role(RoleArn=arn, RoleSessionName="night", Policy=document)
    iam.update_role(**role, MaxSessionDuration=7200)
    iam.update_role_description(**role, Description="because")
    iam.update_access_key(**user, AccessKeyId=key.access, Status="Inactive")
    iam.delete_access_key(**user, AccessKeyId=key.access)
    iam.remove_user_from_group(**user, **group)
    for kind, who in (("user", user), ("role", role), ("policy", policy)):
        getattr(iam, f"untag_{kind}")(**who, TagKeys=["k"])
    for kind, who in (("user", user), ("group", group), ("role", role)):
        getattr(iam, f"detach_{kind}_policy")(**who, **policy)
    iam.update_user(**user, NewUserName=f"{name}-2")
    iam.update_group(**group, NewGroupName=f"{name}-2")
    iam.delete_user(UserName=f"{name}-2")
    iam.delete_group(GroupName=f"{name}-2")
    iam.delete_role(**role)
    iam.delete_policy(**policy)


def walk(element, shape, parsed, path, problems, space):
    """Compares an element with its shape and with what botocore's parser made of it."""
    if shape.type_name == "structure":
        tags = [child.tag for child in element]
        for child in element:
            name = child.tag.removeprefix("{" + space + "}")
            if name not in shape.members or tags.count(child.tag) > 1:
                problems.append(f"{path}.{name} is no member, or comes twice")
            elif name not in parsed:
                problems.append(f"{path}.{name} is not found by botocore's parser")
            else:
                walk(child, shape.members[name], parsed[name], f"{path}.{name}", problems, space)
        missing = set(shape.required_members) - set(parsed)
        problems.extend(f"{path}.{name} is missing" for name in missing)
    elif shape.type_name == "list":
        if any(child.tag != f"{{{space}}}member" for child in element) or len(element) != len(parsed):
            problems.append(f"{path} is no list of members")
        for child, value in zip(element, parsed):
            walk(child, shape.member, value, f"{path}[]", problems, space)
    elif shape.type_name == "map":
        if len(element) != len(parsed):
            problems.append(f"{path} is no map")
    elif shape.type_name == "timestamp":
        if not DATE.fullmatch(element.text or ""):
            problems.append(f"{path} is no time: {element.text}")
    elif len(element):
        problems.append(f"{path} has children")
    elif getattr(shape, "enum", None) and element.text not in shape.enum:
        problems.append(f"{path} is none of {shape.enum}: {element.text}")


def examine(operation, reply, problems) -> None:
    space = operation.service_model.metadata["xmlNamespace"]
    root = ElementTree.fromstring(reply["body"])
    if root.tag != f"{{{space}}}{operation.name}Response":
        problems.append(f"the root is {root.tag}")
    request = root.find(f"{{{space}}}ResponseMetadata/{{{space}}}RequestId")
    if request is None or request.text != reply["headers"]["x-amzn-RequestId"]:
        problems.append(f"{operation.name} has no request id")
    shape, result = operation.output_shape, root.find(f"{{{space}}}{operation.name}Result")
    if (shape is None) != (result is None):
        return problems.append(f"{operation.name} has a result where there is none, or none where there is one")
    if len(root) != (1 if result is None else 2):
        problems.append(f"{operation.name} has {len(root)} children")
    if shape is not None:
        parsed = create_parser("query").parse(reply, shape)
        walk(result, shape, parsed, operation.name, problems, space)


@pytest.fixture
def recorder(endpoint):
    return Recorder(endpoint)


def test_every_action_answers_what_the_model_says(recorder):
    everything(recorder)
    called, problems = {"iam": set(), "sts": set()}, []
    for operation, reply in recorder.replies:
        called[operation.service_model.service_name].add(operation.name)
        examine(operation, reply, problems)
    assert not problems, "\n".join(problems)
    assert called == answered(), "docs/iam.md says otherwise"
    operation, reply = recorder.replies[0]
    for old, new in [(b"UserName>", b"UsrName>"), (b"UserId>", b"Arn>"), (b"Z</CreateDate", b".000Z</CreateDate")]:
        bent: list = []
        examine(operation, reply | {"body": reply["body"].replace(old, new)}, bent)
        assert bent, f"{new} was not noticed"


def test_errors_are_documents_that_parse(recorder):
    iam, boundary = recorder.iam, "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    web = {"RoleArn": "arn:aws:iam::000000000000:role/r", "RoleSessionName": "me", "WebIdentityToken": "a.b.c.d"}
    wrong = recorder.client("iam", pail.Key(pail.ROOT_KEY.access, "wrong"))
    for call, parameters, code in [
        (iam.get_user, {"UserName": "nobody"}, ("NoSuchEntity", 404)),
        (iam.create_role, {"RoleName": "r", "AssumeRolePolicyDocument": "{}"}, ("MalformedPolicyDocument", 400)),
        (iam.create_login_profile, {"UserName": "ann", "Password": "x"}, ("InvalidAction", 400)),
        (iam.put_user_permissions_boundary, {"UserName": "ann", "PermissionsBoundary": boundary}, ("InvalidAction", 400)),
        (wrong.list_users, {}, ("SignatureDoesNotMatch", 403)),
        (recorder.sts.assume_role_with_web_identity, web, ("NotImplemented", 501)),
    ]:
        assert refusal(call, **parameters) == code
        operation, reply = recorder.replies[-1]
        space = operation.service_model.metadata["xmlNamespace"]
        root = ElementTree.fromstring(reply["body"])
        assert root.tag == f"{{{space}}}ErrorResponse"
        error = {child.tag.removeprefix(f"{{{space}}}"): child.text for child in root[0]}
        assert set(error) == {"Type", "Code", "Message"} and error["Message"], reply["body"]
        assert root.find(f"{{{space}}}RequestId").text == reply["headers"]["x-amzn-RequestId"]
