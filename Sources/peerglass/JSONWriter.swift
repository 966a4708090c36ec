/// Writes JSON in the layout of bgpctl: a tab an indent level, compact objects on one line.
///
/// Streamed: what is written cannot be taken back, and nothing but the open levels is kept.
struct JSONWriter {
    var output: Output
    private var levels: [Level] = []

    private struct Level {
        var kind: Kind
        var isEmpty = true

        enum Kind {
            case object, compactObject, array
        }
    }

    /// Opens the document.
    init(_ output: consuming Output) {
        self.output = output
        levels.append(Level(kind: .object))
        self.output.append("{\n" as StaticString)
    }

    /// Closes everything that is open, and gives the output back.
    consuming func finish() -> Output {
        while levels.count > 1 { end() }
        output.append("\n}\n" as StaticString)
        return output
    }

    /// Opens an object, in an array without a name.
    mutating func object(_ name: StaticString? = nil) {
        begin(name)
        output.append("{\n" as StaticString)
        levels.append(Level(kind: .object))
    }

    /// Opens an object that stands on one line.
    mutating func compactObject(_ name: StaticString? = nil) {
        begin(name)
        output.append("{ " as StaticString)
        levels.append(Level(kind: .compactObject))
    }

    /// The same under a name that is not known before.
    mutating func compactObject(named name: String) {
        begin(nil)
        output.append(UInt8(ascii: "\""))
        escape(name)
        output.append("\": { " as StaticString)
        levels.append(Level(kind: .compactObject))
    }

    mutating func array(_ name: StaticString) {
        begin(name)
        output.append("[\n" as StaticString)
        levels.append(Level(kind: .array))
    }

    /// Closes the innermost object or array.
    mutating func end() {
        let level = levels.removeLast()
        switch level.kind {
        case .compactObject:
            output.append(" }" as StaticString)
        case .object:
            indentLine()
            output.append(UInt8(ascii: "}"))
        case .array:
            indentLine()
            output.append(UInt8(ascii: "]"))
        }
    }

    mutating func string(_ name: StaticString?, _ value: String) {
        begin(name)
        output.append(UInt8(ascii: "\""))
        escape(value)
        output.append(UInt8(ascii: "\""))
    }

    mutating func bool(_ name: StaticString, _ value: Bool) {
        begin(name)
        output.append(value ? ("true" as StaticString) : "false")
    }

    mutating func number(_ name: StaticString, _ value: some BinaryInteger) {
        begin(name)
        if value < 0 { output.append(UInt8(ascii: "-")) }
        output.append(number: UInt64(value.magnitude))
    }

    /// A value whose octets `write` appends; nothing in it may need an escape.
    mutating func raw(_ name: StaticString, _ write: (inout Output) -> Void) {
        begin(name)
        write(&output)
    }

    /// A string whose octets `write` appends; nothing in it may need an escape.
    mutating func plain(_ name: StaticString, _ write: (inout Output) -> Void) {
        begin(name)
        output.append(UInt8(ascii: "\""))
        write(&output)
        output.append(UInt8(ascii: "\""))
    }

    private mutating func begin(_ name: StaticString?) {
        let last = levels.count - 1
        let isCompact = levels[last].kind == .compactObject
        if levels[last].isEmpty {
            levels[last].isEmpty = false
        } else if isCompact {
            output.append(", " as StaticString)
        } else {
            output.append(",\n" as StaticString)
        }
        if !isCompact { output.append(repeating: UInt8(ascii: "\t"), count: levels.count) }
        guard let name else { return }
        output.append(UInt8(ascii: "\""))
        output.append(name)
        output.append("\": " as StaticString)
    }

    private mutating func indentLine() {
        output.append(UInt8(ascii: "\n"))
        output.append(repeating: UInt8(ascii: "\t"), count: levels.count)
    }

    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): output.append("\\\"" as StaticString)
            case UInt8(ascii: "\\"): output.append("\\\\" as StaticString)
            case 0x08: output.append("\\b" as StaticString)
            case 0x0C: output.append("\\f" as StaticString)
            case 0x0A: output.append("\\n" as StaticString)
            case 0x0D: output.append("\\r" as StaticString)
            case 0x09: output.append("\\t" as StaticString)
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                output.append("\\u00" as StaticString)
                output.append(digits.count == 1 ? "0" + digits : digits)
            default: output.append(byte)
            }
        }
    }
}
