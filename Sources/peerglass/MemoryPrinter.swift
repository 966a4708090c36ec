import Control

/// `show rib memory`.
enum MemoryPrinter {
    static func text(_ items: [MemoryItem], to output: inout Output) {
        output.line("RDE memory statistics")
        for item in items {
            output.right(item.count, 10)
            output.line(" \(item.label) using \(size(item.byteCount)) of memory")
            if item.references > 0 {
                output.line("\t   and holding \(item.references) references")
            }
        }
        output.line("RIB using \(size(items.reduce(0) { $0 + $1.byteCount })) of memory")
    }

    static func json(_ items: [MemoryItem], to json: inout JSONWriter) {
        guard !items.isEmpty else { return }
        json.object("memory")
        for item in items {
            json.compactObject(named: item.name)
            json.number("count", item.count)
            json.number("size", item.byteCount)
            json.number("references", item.references)
            json.end()
        }
        json.end()
    }

    /// `336B`, `1.3K`, `28.7M`: three digits at most, as fmt_scaled(3) does.
    static func size(_ byteCount: UInt64) -> String {
        let units = ["B", "K", "M", "G", "T", "P", "E"]
        var whole = byteCount
        var fraction: UInt64 = 0
        var unit = 0
        while whole >= 1024 {
            fraction = whole % 1024
            whole /= 1024
            unit += 1
        }
        var tenths = (10 * fraction + 512) / 1024
        if tenths >= 10 {
            whole += 1
            tenths = 0
        }
        if unit == 0 { return "\(whole)B" }
        if whole >= 100 { return "\(whole + (tenths >= 5 ? 1 : 0))\(units[unit])" }
        return "\(whole).\(tenths)\(units[unit])"
    }
}
