import Canvas
import Glibc
import Terminal

/// The theme of the screen: built in, or a file.
enum ThemeChoice {
    /// The theme of that name or path; says on standard error what is wrong with it and gives nil.
    static func load(_ name: String?) -> Theme? {
        guard let name, name != "glass" else { return .glass }
        let path = candidates(name).first { access($0, R_OK) == 0 }
        guard let path, let text = text(of: path) else {
            StandardStreams.complain(
                "peerglass: no theme \(name): looked for \(candidates(name).joined(separator: ", "))"
            )
            return nil
        }
        do throws(YAMLFault) {
            return try Theme(yaml: text, file: path)
        } catch {
            StandardStreams.complain("\(error)")
            return nil
        }
    }

    private static func candidates(_ name: String) -> [String] {
        if name.contains("/") { return [name] }
        let own = Paths.personalFolder.map { ["\($0)/themes/\(name).yaml"] } ?? []
        return own + ["themes/\(name).yaml"]
    }

    private static func text(of path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        // A theme is a page of text; a megabyte is not one.
        while bytes.count < 1 << 20 {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes.append(contentsOf: chunk.prefix(count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
