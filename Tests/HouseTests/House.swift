import Foundation

/// The rooms as ARCHITECTURE.md draws them.
struct House {
    /// A row of a table of rooms.
    struct Room {
        var name: String
        /// `Core`, `Edge`, `Screen` or empty.
        var floor: String
        /// The rooms that the row names, and what stands behind them.
        var allowed: Set<String>

        /// Its folder, from the root of the package.
        var path: String { floor.isEmpty ? "Sources/\(name)" : "Sources/\(floor)/\(name)" }
    }

    /// The root of the package.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The rooms in the order of the page.
    private(set) var rooms: [Room] = []
    /// Modules of C that rooms outside the core may use.
    private(set) var shims: Set<String> = []

    /// Reads the tables of a page.
    init(page: String) {
        var floor = ""
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst()
                .dropLast().map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3 else { continue }
            let quoted = Self.quoted(in: cells[0])
            guard let first = quoted.first else { continue }
            if first.hasPrefix("Sources/") {
                floor = first.split(separator: "/").dropFirst().joined(separator: "/")
            } else if first == "Shims/" {
                shims = Set(quoted.dropFirst())
            } else {
                rooms.append(Room(name: first, floor: floor, allowed: allowed(cells[2], floor)))
            }
        }
    }

    /// The house as it is drawn.
    static func drawn() throws -> House {
        let page = root.appending(path: "ARCHITECTURE.md")
        return House(page: try String(contentsOf: page, encoding: .utf8))
    }

    /// The room of that name.
    func room(_ name: some StringProtocol) -> Room? { rooms.first { $0.name == name } }

    private func allowed(_ cell: String, _ floor: String) -> Set<String> {
        if cell == "everything" { return Set(rooms.map(\.name)) }
        if cell == "every room above" {
            return Set(rooms.filter { $0.floor == floor }.map(\.name))
        }
        let names = cell.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return names.reduce(into: []) { set, name in
            guard let room = room(name) else { return }
            set.formUnion(room.allowed.union([name]))
        }
    }

    private static func quoted(in cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
    }
}

/// The modules that the Swift files of a folder import.
struct Imports {
    /// File and module, sorted.
    let found: [(file: String, module: String)]

    init(of folder: String) {
        var found: [(file: String, module: String)] = []
        let place = House.root.appending(path: folder)
        let files = FileManager.default.enumerator(at: place, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift",
                let text = try? String(contentsOf: file, encoding: .utf8)
            else { continue }
            for module in Self.modules(in: text) {
                found.append((file.lastPathComponent, module))
            }
        }
        self.found = found.sorted { $0 < $1 }
    }

    /// The modules that a file names in its import lines.
    static func modules(in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
                words[..<place].allSatisfy({ Self.modifiers.contains($0) || $0.hasPrefix("@") })
            else { return nil }
            let isKind = Self.kinds.contains(words[place + 1])
            guard let name = words[(place + 1)...].dropFirst(isKind ? 1 : 0).first else {
                return nil
            }
            return name.split(separator: ".").first.map(String.init)
        }
    }

    private static let modifiers: Set<Substring> = [
        "package", "internal", "private", "fileprivate",
    ]
    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
    ]
}
