import Policy
import S3Protocol

/// How a line of the log is written.
public enum LogFormat: String, CaseIterable, Sendable {
    /// `TIME LEVEL MESSAGE name=value ...`, for people and `grep`.
    case text
    /// One JSON object a line, for programs.
    case json
}

/// What one line of the log says.
struct LogRecord {
    /// A named detail.
    struct Field {
        let name: String
        let value: Value
    }

    enum Value {
        case text(String)
        case number(String)
    }

    let time: Timestamp
    let level: String
    let message: String
    var fields: [Field] = []
}

extension LogFormat {
    /// A record as one line, its end included: nothing in a record can begin another line.
    func line(_ record: LogRecord) -> String {
        switch self {
        case .text: text(record)
        case .json: json(record)
        }
    }

    private func text(_ record: LogRecord) -> String {
        // Bytes, as every request writes a line, and a string takes five times as long to grow.
        var line: [UInt8] = []
        line.reserveCapacity(320)
        line += ISO8601.format(record.time).utf8
        line.append(UInt8(ascii: " "))
        line += record.level.utf8
        line.append(UInt8(ascii: " "))
        line += Self.onOneLine(record.message).utf8
        for field in record.fields {
            line.append(UInt8(ascii: " "))
            line += field.name.utf8
            line.append(UInt8(ascii: "="))
            switch field.value {
            case .number(let digits): line += digits.utf8
            case .text(let text) where Self.isPlain(text): line += text.utf8
            case .text(let text):
                var quoted = ""
                JSON.quote(text, into: &quoted)
                line += quoted.utf8
            }
        }
        line.append(UInt8(ascii: "\n"))
        return String(decoding: line, as: UTF8.self)
    }

    private func json(_ record: LogRecord) -> String {
        var members = [
            JSON.Member("time", .string(ISO8601.format(record.time))),
            JSON.Member("level", .string(record.level)),
            JSON.Member("message", .string(record.message)),
        ]
        for field in record.fields {
            switch field.value {
            case .number(let digits): members.append(JSON.Member(field.name, .number(digits)))
            case .text(let text): members.append(JSON.Member(field.name, .string(text)))
            }
        }
        return JSON.object(members).text + "\n"
    }

    /// Whether a value needs no quotation marks.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8.span
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "="): return false
            case 0x21...0x7E: continue
            default: return false
            }
        }
        return !bytes.isEmpty
    }

    private static func onOneLine(_ message: String) -> String {
        if message.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return message }
        let breaking: Set<Unicode.GeneralCategory> = [
            .control, .lineSeparator, .paragraphSeparator,
        ]
        let isOneLine = message.unicodeScalars.allSatisfy {
            !breaking.contains($0.properties.generalCategory)
        }
        guard !isOneLine else { return message }
        var quoted = ""
        JSON.quote(message, into: &quoted)
        return quoted
    }
}
