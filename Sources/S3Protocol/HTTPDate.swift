/// Dates as HTTP writes them, and as S3's clients write them instead.
///
/// [RFC 9110, 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7)
public enum HTTPDate {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// A moment as `Sun, 06 Nov 1994 08:49:37 GMT`.
    public static func format(_ moment: Timestamp) -> String {
        let date = CivilDate(moment)
        return dateText { text in
            text.add(weekdays[date.weekday])
            text.add(", ")
            text.add(date.day)
            text.add(" ")
            text.add(months[date.month - 1])
            text.add(" ")
            text.addYear(date.year)
            text.add(" ")
            text.addClock(date, separator: ":")
            text.add(" GMT")
        }
    }

    /// Reads any of HTTP's three forms (RFC 1123, RFC 850, asctime), or ISO 8601, basic or extended.
    ///
    /// - Returns: `nil` for anything else, and for days that no calendar has.
    public static func parse(_ text: some StringProtocol) -> Timestamp? {
        ISO8601.parse(text) ?? parseIMF(text)
    }

    private static func parseIMF(_ text: some StringProtocol) -> Timestamp? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }
        guard words.count >= 5 else { return nil }
        // asctime is the one form whose month comes before its day: `Sun Nov  6 08:49:37 1994`.
        let isAsctime = months.contains(String(words[1]))
        let day = Int(words[isAsctime ? 2 : 1])
        let month = months.firstIndex(of: String(words[isAsctime ? 1 : 2]))
        let clock = words[isAsctime ? 3 : 4].split(separator: ":").map { Int($0) }
        guard let day, let month, let shortYear = Int(words[isAsctime ? 4 : 3]), clock.count == 3,
            let hour = clock[0], let minute = clock[1], let second = clock[2]
        else { return nil }
        if words.count > 5, !["GMT", "UTC", "+0000", "0000"].contains(String(words[5])) {
            return nil
        }
        // RFC 850's two digits: the century that puts the year nearest to now's.
        let isShort = words[isAsctime ? 4 : 3].utf8.count <= 2
        let year = isShort ? shortYear + (shortYear < 70 ? 2000 : 1900) : shortYear
        return CivilDate(
            year: year,
            month: month + 1,
            day: day,
            hour: hour,
            minute: minute,
            second: second
        )?.timestamp
    }
}

/// Dates as S3's documents and signatures write them.
///
/// [ISO 8601 as W3C profiles it](https://www.w3.org/TR/NOTE-datetime)
public enum ISO8601 {
    /// A moment as `1994-11-06T08:49:37.000Z`.
    public static func format(_ moment: Timestamp) -> String {
        let date = CivilDate(moment)
        return dateText { text in
            text.addDay(date, separator: "-")
            text.add("T")
            text.addClock(date, separator: ":")
            text.add(".")
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: date.millisecond / 100))
            text.add(date.millisecond % 100)
            text.add("Z")
        }
    }

    /// A moment as signatures spell it: `19941106T084937Z`.
    public static func formatBasic(_ moment: Timestamp) -> String {
        let date = CivilDate(moment)
        return dateText { text in
            text.addDay(date, separator: "")
            text.add("T")
            text.addClock(date, separator: "")
            text.add("Z")
        }
    }

    /// Reads `19941106T084937Z`, `1994-11-06T08:49:37Z`, with or without a fraction, or a bare day.
    public static func parse(_ text: some StringProtocol) -> Timestamp? {
        let bytes = Array(text.utf8).filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            return bytes[range].reduce(Int?.some(0)) { sum, byte in
                guard let sum, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
                    return nil
                }
                return sum * 10 + Int(byte - UInt8(ascii: "0"))
            }
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8) else {
            return nil
        }
        if bytes.count == 8 { return CivilDate(year: year, month: month, day: day)?.timestamp }
        guard bytes[8] == UInt8(ascii: "T"), bytes.last == UInt8(ascii: "Z"),
            let hour = number(9..<11), let minute = number(11..<13), let second = number(13..<15),
            let millisecond = fraction(bytes[15...].dropLast())
        else { return nil }
        return CivilDate(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second,
            millisecond: millisecond
        )?.timestamp
    }

    /// Milliseconds of a fraction such as `.5` or `.123456`; 0 where there is none.
    private static func fraction(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first else { return 0 }
        guard first == UInt8(ascii: "."), (2...10).contains(bytes.count) else { return nil }
        var milliseconds = 0
        for place in 1...3 {
            guard place < bytes.count else {
                milliseconds *= 10
                continue
            }
            let byte = bytes[bytes.startIndex + place]
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            milliseconds = milliseconds * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return milliseconds
    }
}

/// A date as it is put together, byte by byte: listings and logs write thousands of them.
///
/// The longest, of the years that a timestamp can name, has 36 bytes.
private func dateText(_ write: (inout OutputSpan<UInt8>) -> Void) -> String {
    unsafe String(unsafeUninitializedCapacity: 40) { space in
        var text = unsafe OutputSpan(buffer: space, initializedCount: 0)
        write(&text)
        return unsafe text.finalize(for: space)
    }
}

extension OutputSpan<UInt8> {
    fileprivate mutating func add(_ text: String) { for byte in text.utf8 { append(byte) } }

    /// Adds a number of two digits.
    fileprivate mutating func add(_ number: Int) {
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10 % 10))
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }

    /// Adds a year with four digits, or as it is where it has more or lies before our era.
    fileprivate mutating func addYear(_ year: Int) {
        guard (0...9999).contains(year) else { return add(String(year)) }
        add(year / 100)
        add(year % 100)
    }

    fileprivate mutating func addDay(_ date: CivilDate, separator: String) {
        addYear(date.year)
        add(separator)
        add(date.month)
        add(separator)
        add(date.day)
    }

    fileprivate mutating func addClock(_ date: CivilDate, separator: String) {
        add(date.hour)
        add(separator)
        add(date.minute)
        add(separator)
        add(date.second)
    }
}
