"""Holds a raw reply against what botocore's model of S3 says it is made of, element by element and header by header."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from botocore.parsers import ResponseParserError, create_parser

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"

# Roots that the API reference gives documents whose model does not name them.
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
ROOTS = {
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetObjectAcl": "AccessControlPolicy",
    "GetObjectAttributes": "GetObjectAttributesResponse",
    "GetObjectTagging": "Tagging",
    "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationResult",
    "ListBucketIntelligentTieringConfigurations": "ListBucketIntelligentTieringConfigurationsOutput",
    "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
    "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListParts": "ListPartsResult",
}

# Headers that every reply may carry, whatever the operation.
COMMON_HEADERS = {"x-amz-request-id", "x-amz-id-2"}

SCALARS = {
    "integer": re.compile(r"-?\d+"),
    "long": re.compile(r"-?\d+"),
    "boolean": re.compile(r"true|false"),
    "timestamp": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z"),
}
HEADER_SCALARS = SCALARS | {
    "timestamp": re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"),
    # Of the dates in headers, one is written as documents write theirs.
    "x-amz-object-lock-retain-until-date": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z"),
}


@dataclass
class Findings:
    """What was seen in replies, by the path of members that leads there, and what was wrong with it."""

    seen: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def note(self, path: str, problem: str) -> None:
        self.problems.append(f"{path}: {problem}")


@dataclass(frozen=True)
class Exchange:
    """A reply as it came, and the model of the operation that it answers."""

    operation: object
    status: int
    headers: dict
    body: bytes

    @property
    def name(self) -> str:
        return self.operation.name


def has_document(operation) -> bool:
    """Whether the model says that a success is told in XML."""
    shape = operation.output_shape
    if shape is None:
        return False
    payload = shape.serialization.get("payload")
    if payload:
        return shape.members[payload].type_name == "structure" and not shape.members[payload].serialization.get("eventstream")
    return any("location" not in member.serialization for member in shape.members.values())


def examine(exchange: Exchange, findings: Findings) -> None:
    """Compares one successful reply with the model."""
    examine_headers(exchange, findings)
    if not has_document(exchange.operation):
        return
    output = exchange.operation.output_shape
    payload = output.serialization.get("payload")
    root = ElementTree.fromstring(exchange.body)
    reply = {"status_code": exchange.status, "headers": exchange.headers, "body": exchange.body}
    try:
        parsed = create_parser("rest-xml").parse(reply, output)
    except (ResponseParserError, TypeError, ValueError) as error:
        return findings.note(exchange.name, f"botocore's parser gives up: {error}")
    if payload:
        shape, wanted = output.members[payload], output.members[payload].serialization.get("name")
        wanted, parsed = wanted or ROOTS.get(exchange.name) or shape.name, parsed.get(payload)
        findings.seen.add(payload)
    else:
        shape, wanted = output, ROOTS.get(exchange.name)
    if root.tag != f"{{{NAMESPACE}}}{wanted}":
        findings.note(exchange.name, f"the root is {root.tag}, not {wanted} in S3's namespace")
    if exchange.name == "GetBucketLocation":
        examine_location(root, findings)
    else:
        examine_structure(root, shape, parsed or {}, payload or "", findings)


def examine_location(root, findings: Findings) -> None:
    """The one document whose root holds a text instead of members."""
    if len(root):
        findings.note("LocationConstraint", f"has children {[child.tag for child in root]}")
    findings.seen.add("LocationConstraint")


def element_name(shape, member_name: str) -> str:
    """The element that a member of a structure is written as."""
    if shape.type_name == "list" and shape.serialization.get("flattened"):
        if name := shape.member.serialization.get("name"):
            return name
    return shape.serialization.get("name", member_name)


def examine_structure(element, shape, parsed: dict, path: str, findings: Findings) -> None:
    known = {}
    for name, member in shape.members.items():
        if member.serialization.get("xmlAttribute"):
            attribute = member.serialization["name"].removeprefix("xsi:")
            if value := element.get(XSI + attribute):
                compare(value, parsed.get(name), f"{path}.{name}".lstrip("."), findings)
        elif "location" not in member.serialization:
            known[element_name(member, name)] = (name, member)
    groups: dict[str, list] = {}
    for child in element:
        namespace, _, tag = child.tag.rpartition("}")
        if namespace != "{" + NAMESPACE:
            findings.note(path, f"{child.tag} is not in S3's namespace")
        groups.setdefault(tag, []).append(child)
    if (element.text or "").strip():
        findings.note(path, f"has text {element.text!r} beside its members")
    for tag, children in groups.items():
        if tag not in known:
            findings.note(path, f"{tag} is no member of {shape.name}")
            continue
        name, member = known[tag]
        where = f"{path}.{name}".lstrip(".")
        findings.seen.add(where)
        if name not in parsed:
            findings.note(where, "botocore's parser does not find it")
        elif member.type_name == "list":
            examine_list(children, member, parsed[name], where, findings)
        elif len(children) > 1:
            findings.note(where, f"comes {len(children)} times and is no list")
        else:
            examine_value(children[0], member, parsed[name], where, findings)


def examine_list(elements, shape, parsed: list, path: str, findings: Findings) -> None:
    items = elements
    if not shape.serialization.get("flattened"):
        if len(elements) != 1:
            findings.note(path, "is not flattened, yet comes more than once")
        items = list(elements[0])
        wanted = shape.member.serialization.get("name", "member")
        for item in items:
            if item.tag != f"{{{NAMESPACE}}}{wanted}":
                findings.note(path, f"holds {item.tag}, not {wanted}")
    if len(items) != len(parsed):
        findings.note(path, f"has {len(items)} elements of which botocore's parser finds {len(parsed)}")
    for item, value in zip(items, parsed):
        examine_value(item, shape.member, value, f"{path}[]", findings)


def examine_value(element, shape, parsed, path: str, findings: Findings) -> None:
    if shape.type_name == "structure":
        return examine_structure(element, shape, parsed, path, findings)
    if shape.type_name == "list":
        return examine_list([element], shape, parsed, path, findings)
    text = element.text or ""
    if len(element):
        findings.note(path, f"is a {shape.type_name} and has children {[child.tag for child in element]}")
    pattern = SCALARS.get(shape.type_name)
    if pattern and not pattern.fullmatch(text):
        findings.note(path, f"{text!r} is no {shape.type_name}")
    elif getattr(shape, "enum", None) and text not in shape.enum:
        findings.note(path, f"{text!r} is none of {shape.enum}")
    elif shape.type_name == "timestamp":
        compare(text, parsed.strftime("%Y-%m-%dT%H:%M:%S.000Z"), path, findings)
    else:
        compare(text, str(parsed).lower() if isinstance(parsed, bool) else str(parsed), path, findings)


def compare(text: str, parsed, path: str, findings: Findings) -> None:
    findings.seen.add(path)
    if text != parsed:
        findings.note(path, f"{text!r} becomes {parsed!r} in botocore's parser")


def examine_headers(exchange: Exchange, findings: Findings) -> None:
    """Every header of Amazon's own is one that the model knows here, and has its member's type."""
    shape = exchange.operation.output_shape
    members = shape.members if shape else {}
    known = {m.serialization["name"].lower(): (n, m) for n, m in members.items() if m.serialization.get("location") == "header"}
    prefixes = [m.serialization["name"].lower() for m in members.values() if m.serialization.get("location") == "headers"]
    for header, text in exchange.headers.items():
        header = header.lower()
        if header not in known:
            is_known = header in COMMON_HEADERS or any(header.startswith(prefix) for prefix in prefixes)
            if header.startswith("x-amz-") and not is_known:
                findings.note(header, f"is no header of {exchange.name}")
            continue
        name, member = known[header]
        findings.seen.add(name)
        pattern = HEADER_SCALARS.get(header) or HEADER_SCALARS.get(member.type_name)
        if name != "Expires" and pattern and not pattern.fullmatch(text):
            findings.note(header, f"{text!r} is no {member.type_name}")
        elif getattr(member, "enum", None) and text not in member.enum:
            findings.note(header, f"{text!r} is none of {member.enum}")


def documented(operation) -> set[str]:
    """The paths of all members that a reply's document may have."""
    output = operation.output_shape
    payload = output.serialization.get("payload")
    paths: set[str] = set()

    def walk(shape, path: str, outer: tuple) -> None:
        if shape.type_name == "structure" and shape.name not in outer:
            for name, member in shape.members.items():
                if member.serialization.get("location") in (None,):
                    where = f"{path}.{name}".lstrip(".")
                    paths.add(where)
                    walk(member, where, (*outer, shape.name))
        elif shape.type_name == "list":
            walk(shape.member, f"{path}[]", outer)

    if payload:
        walk(output.members[payload], payload, ())
    else:
        walk(output, "", ())
    return paths
