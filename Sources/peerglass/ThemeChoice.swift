import Canvas
import Configuration
import Glibc
import Terminal

/// The theme of the screen: built in, or a file.
enum ThemeChoice {
    /// The theme of that name or path; says on standard error what is wrong with it and gives nil.
    static func load(_ name: String?) -> Theme? {
        guard let name, name != "glass" else { return .glass }
        let path = candidates(name).first { access($0, R_OK) == 0 }
        guard let path else {
            StandardStreams.complain(
                "peerglass: no theme \(name): looked for \(candidates(name).joined(separator: ", "))"
            )
            return nil
        }
        let bytes: [UInt8]
        do throws(UnreadableFile) {
            bytes = try Files.contents(path)
        } catch {
            StandardStreams.complain("peerglass: \(path): \(error.reason)")
            return nil
        }
        do throws(YAMLFault) {
            return try Theme(yaml: String(decoding: bytes, as: UTF8.self), file: path)
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
}
