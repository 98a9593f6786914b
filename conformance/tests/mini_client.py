"""A second document-management system, written from the wire alone: templates, hashlib, httpx, expat. No code shared.

It knows the vendor's four calls (list, get, confirm, send), the two packets and the control API, nothing else of this
project. Where it and the reference system disagree about a case, one of the two has misread the wire (pitfall 112).
"""

import base64
import hashlib
import hmac
import io
import json
import threading
import zipfile
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.parsers import expat
from xml.sax.saxutils import escape

import httpx

QCVN = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
HANOI = timezone(timedelta(hours=7))
STEPS = {
    ("arrived", "accept"): ("accepted", "03"),
    ("arrived", "refuse"): ("refused", "02"),
    ("accepted", "assign"): ("assigned", "04"),
    ("accepted", "start"): ("processing", "05"),
    ("assigned", "start"): ("processing", "05"),
    ("processing", "finish"): ("finished", "06"),
}
RANKS = {"01": 1, "02": 9, "03": 3, "04": 4, "05": 5, "06": 6, "15": 9}
HEAD = f'<?xml version="1.0" encoding="UTF-8"?><edXML xmlns="{QCVN}"><edXML:edXMLEnvelope xmlns:edXML="{QCVN}">'
FILE = f"""<Attachment><ContentId>cid:{{n}}</ContentId><AttachmentName>{{name}}</AttachmentName>
<ContentType>application/pdf</ContentType><e:ContentTransferEncoded xmlns:e="{QCVN}">{{data}}
</e:ContentTransferEncoded></Attachment>"""


def e(name, *inside):
    return f"<edXML:{name}>{''.join(inside)}</edXML:{name}>"


def t(name, text):
    return e(name, escape(str(text)))


class Node(dict):
    """Children by local name, as lists; ``text`` is the element's own."""

    text = ""

    def at(self, path):
        node = self
        for step in path.split("/"):
            node = (node.get(step) or [Node()])[0]
        return node

    def say(self, path):
        return self.at(path).text.strip()


def read(data):
    """The root's children. Raises ValueError: no XML, a DTD, or another namespace. Prefixes need not be bound."""
    stack, bound = [Node()], {}

    def start(name, attributes):
        bound.update({key.partition(":")[2]: value for key, value in attributes.items() if key.startswith("xmlns")})
        if len(stack) == 2 and bound.get(name.rpartition(":")[0]) != QCVN:
            raise ValueError("another namespace")
        child = Node()
        stack[-1].setdefault(name.rpartition(":")[2], []).append(child)
        stack.append(child)

    def text(piece):
        stack[-1].text += piece

    def no_dtd(*arguments):
        raise ValueError("a DTD")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.EndElementHandler = lambda name: stack.pop()
    parser.StartDoctypeDeclHandler = no_dtd
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    if "edXML" not in stack[0]:
        raise ValueError("no edXML")
    return stack[0].at("edXML")


def content(name, kind, encoded):
    data = base64.b64decode("".join(encoded.split()), validate=True)
    if kind == "application/zip" and data[:2] == b"PK" and not name.lower().endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.namelist()) == 1:
                return archive.read(archive.namelist()[0])
    return data


class Mini:
    """One running system: what the control API orders, what the axis says."""

    def __init__(self, endpoint, system_id, secret, organ, name):
        self.endpoint, self.system, self.secret, self.organ, self.name = endpoint, system_id, secret, organ, name
        self.http = httpx.Client(trust_env=False, timeout=60)
        self.lock = threading.Lock()
        self.pairs, self.last = {}, datetime.min.replace(tzinfo=HANOI)
        self.inbox, self.sent, self.seen = [], [], set()

    def call(self, operation, body=b"", kind="application/json", **arguments):
        stamp = datetime.now(HANOI)
        signed = {
            "systemid": self.system,
            "timestamp": f"{stamp:%d%m%YT%H%M%S}+0000",
            **arguments,
            "Content-Type": kind,
        }
        headers = {f"XroadVnpt-{key}": value for key, value in signed.items()}
        text = json.dumps(headers, separators=(",", ":"))
        digest = hmac.new(self.secret.encode(), text.encode(), "sha256").hexdigest()
        extra = {"Content-Type": kind, "XroadVnpt-sign-header": text, "XroadVnpt-hash-header": digest}
        return self.http.post(f"{self.endpoint}/{operation}", content=body, headers=headers | extra).json()

    def post(self, packet, message_type):
        data = packet.encode()
        digest = "".join(f"{byte:x}" for byte in hashlib.sha256(data).digest())
        arguments = {"from": self.organ, "servicetype": "eDoc", "messagetype": message_type, "hash-file": digest}
        return self.call("sendEdoc", data + b"\r\n", "application/octet-stream", **arguments)

    def now(self):
        self.last = max(self.last, datetime.now(HANOI))
        return f"{self.last:%Y/%m/%d %H:%M:%S}"

    def same(self, one, other):
        return self.pairs.get(one, one) == self.pairs.get(other, other)

    def poll(self):
        if not self.pairs:
            for row in self.call("getAgenciesListQD20")["data"]:
                self.pairs |= {row["code"]: row["code"], row.get("code102") or row["code"]: row["code"]}
        for kind in ("edoc", "status"):
            for item in self.call("getReceivedEdocList", servicetype="eDoc", messagetype=kind)["data"]:
                data = base64.b64decode(self.call("getEdoc", b"{}", docId=item["docId"])["data"])
                word = "done"
                try:
                    self.take(data, kind)
                except ValueError:
                    word = "fail"
                self.call("updateStatus", b"{}", docId=item["docId"], status=word)

    def take(self, data, kind):
        header = read(data).at("edXMLEnvelope/edXMLHeader/MessageHeader")
        if kind == "status":
            self.hear(header)
        elif (digest := hashlib.sha256(data).hexdigest()) not in self.seen:
            self.seen.add(digest)
            self.arrive(header, read(data))

    def arrive(self, header, packet):
        sender, code = header.say("From/OrganId"), header.at("Code")
        row = {
            "document_id": header.say("DocumentId"), "from": sender, "code_number": code.say("CodeNumber"),
            "code_notation": code.say("CodeNotation"), "subject": header.say("Subject"), "kind": "new",
            "state": "arrived", "date": header.say("PromulgationInfo/PromulgationDate"), "warnings": [], "asked": False,
            "receivers": [],
            "attachments": [],
        }  # fmt: skip
        for each in packet.at("AttachmentEncoded").get("Attachment", ()):
            name = each.say("AttachmentName")
            file = content(name, each.say("ContentType"), each.say("ContentTransferEncoded"))
            row["attachments"].append({"name": name, "size": len(file), "sha256": hashlib.sha256(file).hexdigest()})
        number = ("from", "code_number", "code_notation")
        for old in self.inbox:
            if old["document_id"] == row["document_id"] or all(old[key] == row[key] for key in number):
                row["warnings"] = ["duplicate"]
        self.inbox.append(row)
        if any(self.same(to.say("OrganId"), self.organ) for to in header["To"]):
            self.tell(row, "01")
        else:
            row["state"] = "refused"
            self.tell(row, "02", "Văn bản không gửi cho đơn vị này")

    def tell(self, row, status, words="", organ=""):
        about = t("OrganId", organ or row["from"]) + t("Code", f"{row['code_number']}/{row['code_notation']}")
        about += t("DocumentId", row["document_id"]) + t("PromulgationDate", row["date"])
        words = e("StaffInfo", t("Staff", "Văn thư")) + t("StatusCode", status) + t("Description", words)
        header = self.unit("From") + e("ResponseFor", about) + words + t("Timestamp", self.now())
        self.post(f"{HEAD}{e('edXMLHeader', e('MessageHeader', header))}</edXML:edXMLEnvelope></edXML>", "status")

    def unit(self, tag, code=None):
        return e(tag, t("OrganId", code or self.organ), t("OrganName", code or self.name))

    def hear(self, header):
        status, sender = header.say("StatusCode"), header.say("From/OrganId")
        about = header.say("ResponseFor/DocumentId")
        if status == "13":
            for row in self.inbox:
                if row["document_id"] == about and self.same(row["from"], sender):
                    row["asked"] = True
                    if row["state"] == "arrived":
                        self.give_back(row)
        for row in self.sent:
            for receiver in row["receivers"]:
                ahead = RANKS.get(status, 0) > RANKS.get(receiver["status"], 0)
                if row["document_id"] == about and self.same(receiver["organ"], sender) and ahead:
                    receiver |= {"status": status, "reason": header.say("Description")}

    def give_back(self, row):
        row |= {"state": "recalled", "subject": "", "attachments": [], "asked": False}
        self.tell(row, "15")

    def order(self, asked):
        number = asked["code_number"].zfill(2)
        date, notation = asked["promulgation_date"].replace("-", "/"), asked["code_notation"]
        row = {
            "document_id": f"{self.organ},{date},{number}/{notation}", "from": self.organ, "code_number": number,
            "code_notation": notation, "subject": asked["subject"], "kind": "new", "state": "sent", "date": date,
            "attachments": [], "receivers": [{"organ": to, "status": None, "reason": None} for to in asked["to"]],
        }  # fmt: skip
        header = self.unit("From") + "".join(self.unit("To", to) for to in asked["to"])
        header += t("DocumentId", row["document_id"]) + e("Code", t("CodeNumber", number), t("CodeNotation", notation))
        header += e("PromulgationInfo", t("Place", asked["place"]), t("PromulgationDate", date))
        header += e("DocumentType", t("Type", 2), t("TypeName", asked["type_name"])) + t("Subject", asked["subject"])
        signer = asked["signer"]
        header += e("SignerInfo", t("Position", signer["position"]), t("FullName", signer["full_name"]))
        header += e("OtherInfo", t("Priority", 0))
        trace = e("TraceHeader", t("OrganId", self.organ), t("Timestamp", self.now()))
        files = [(n, escape(each["name"]), each["content_base64"]) for n, each in enumerate(asked["attachments"], 1)]
        manifest = "".join(
            e("Reference", t("ContentId", f"cid:{n}"), t("ContentType", "application/pdf"), e("AttachmentName", name))
            for n, name, _ in files
        )
        header = e("MessageHeader", header) + e("TraceHeaderList", e("Bussiness", t("BussinessDocType", 0)), trace)
        packet = HEAD + e("edXMLHeader", header) + e("edXMLBody", e("edXMLManifest", manifest))
        packed = "".join(FILE.format(n=n, name=name, data=data) for n, name, data in files)
        packet += f"</edXML:edXMLEnvelope><AttachmentEncoded>{packed}</AttachmentEncoded></edXML>"
        answer = self.post(packet, "edoc")
        if answer["status"] != "OK":
            return 422, {"error": answer["ErrorDesc"]}
        self.sent.append(row)
        return 200, {"document_id": row["document_id"]}

    def act(self, asked):
        action, reason = asked["action"], asked.get("reason") or ""
        rows = self.sent if action == "take-back" else self.inbox
        for row in reversed([each for each in rows if each["document_id"] == asked["document_id"]]):
            if action == "take-back":
                for receiver in row["receivers"]:
                    self.tell(row, "13", reason, receiver["organ"])
            elif action == "agree" and row["asked"]:
                self.give_back(row)
            elif action == "decline" and row["asked"]:
                row["asked"] = False
                self.tell(row, "16", reason)
            elif (row["state"], action) in STEPS:
                row["state"], status = STEPS[row["state"], action]
                self.tell(row, status, reason)
            else:
                continue
            return 200, {}
        return 409, {"error": "not now"}

    def control(self, call, asked):
        with self.lock:
            if call == "/control/poll":
                self.poll()
            elif call == "/control/reset":
                self.inbox, self.sent, self.seen = [], [], set()
            elif call in ("/control/send", "/control/act"):
                return self.order(asked) if call.endswith("send") else self.act(asked)
            return 200, {"documents": self.inbox if asked.get("box") == "in" else self.sent}

    def serve(self):
        """A control server on a free port, not yet running: ``serve_forever`` in a thread, ``shutdown`` at the end."""

        class Desk(BaseHTTPRequestHandler):
            mini = self

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.reply(*self.mini.control(self.path, json.loads(body or b"{}")))

            def do_GET(self):
                url = urlsplit(self.path)
                self.reply(*self.mini.control(url.path, {key: value[0] for key, value in parse_qs(url.query).items()}))

            def reply(self, status, answer):
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments):
                pass

        return ThreadingHTTPServer(("127.0.0.1", 0), Desk)
