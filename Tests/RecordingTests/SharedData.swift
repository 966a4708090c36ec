import Foundation

/// Test data that stands beside the package in `shared/data`, where it is there.
enum SharedData {
    /// The folder, or nil.
    static let folder: URL? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent()
        for parent in [
            package.deletingLastPathComponent(),
            package.deletingLastPathComponent().deletingLastPathComponent(),
        ] {
            let folder = parent.appending(path: "shared/data")
            if FileManager.default.fileExists(atPath: folder.path) { return folder }
        }
        print("skipped: tests on shared/data, which is not beside the package")
        return nil
    }()

    static var isThere: Bool { folder != nil }

    /// The bytes of a file; decompressed where its name ends in xz, gz or bz2.
    static func bytes(_ path: String) throws -> [UInt8] {
        guard let folder else { return [] }
        let file = folder.appending(path: path)
        let tools = ["xz": "xz", "gz": "gzip", "bz2": "bzip2"]
        guard let tool = tools[file.pathExtension] else { return Array(try Data(contentsOf: file)) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [tool, "-dc", file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Array(data)
    }

    /// A JSON file.
    static func json(_ path: String) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(try bytes(path)))
    }

    /// A JSON file that is a list of objects.
    static func list(_ path: String, key: String? = nil) throws -> [[String: Any]] {
        let whole = try json(path)
        if let key { return (whole as? [String: Any])?[key] as? [[String: Any]] ?? [] }
        return whole as? [[String: Any]] ?? []
    }
}

/// The bytes of a string of hexadecimal digits.
func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.filter { !$0.isWhitespace }
    var result: [UInt8] = []
    var index = digits.startIndex
    while let next = digits.index(index, offsetBy: 2, limitedBy: digits.endIndex), next > index {
        result.append(UInt8(digits[index..<next], radix: 16) ?? 0)
        index = next
    }
    return result
}
