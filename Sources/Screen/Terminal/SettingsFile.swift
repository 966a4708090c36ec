import Yams

/// A settings file that a person may have written: sections of words and values.
///
///     panes:
///       kernel:
///         hidden: true
///
/// One section is read or replaced; everything else, comments too, stays as it is.
package struct SettingsFile {
    private let text: String
    private let file: String
    private let root: Node?

    /// A value and where it stands.
    package struct Setting: Hashable {
        /// The words that lead to it, joined by dots, without the section: `kernel.hidden`.
        package var name: String
        package var value: String
        /// The line, from 1.
        package var line: Int
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - text: The YAML; an empty one has no sections.
    ///   - file: Its name, for messages.
    /// - Throws: ``YAMLFault`` where it is not YAML, or not made of words and values.
    package init(yaml text: String, file: String) throws(YAMLFault) {
        self.text = text
        self.file = file
        root = try Node.root(of: text, file: file)
        if let root, root.mapping == nil {
            let line = root.mark?.line ?? 1
            throw YAMLFault(file: file, line: line, message: "settings are \"word: value\" lines")
        }
    }

    /// What stands in a section, in the file's order; nothing where there is no such section.
    ///
    /// - Throws: ``YAMLFault`` at the first value that is not one word.
    package func settings(in section: String) throws(YAMLFault) -> [Setting] {
        var result: [Setting] = []
        guard let node = root?.mapping?[section] else { return result }
        guard node.mapping != nil else {
            // `panes:` with nothing behind it.
            if let scalar = node.scalar, scalar.string.isEmpty { return result }
            throw fault(node, "\(section) is a list of \"word: value\"")
        }
        try collect(node, name: "", into: &result)
        return result
    }

    private func collect(
        _ node: Node,
        name: String,
        into result: inout [Setting]
    ) throws(YAMLFault) {
        if let scalar = node.scalar {
            result.append(
                Setting(name: name, value: scalar.string, line: node.mark?.line ?? 1)
            )
            return
        }
        guard let mapping = node.mapping else { throw fault(node, "one word is expected here") }
        for (key, value) in mapping {
            guard let word = key.scalar?.string else {
                throw fault(key, "one word is expected here")
            }
            try collect(value, name: name.isEmpty ? word : "\(name).\(word)", into: &result)
        }
    }

    /// The file's text with other settings in the section, and the rest untouched.
    ///
    /// - Parameters:
    ///   - section: A word at the left edge.
    ///   - settings: Names as in ``Setting/name``, those with a common beginning one after the other,
    ///     and values that need no quotation marks; with none the section goes.
    /// - Returns: the new text.
    /// - Throws: ``YAMLFault`` where the section cannot be told from the rest.
    package func replacing(
        _ section: String,
        with settings: [(name: String, value: String)]
    ) throws(YAMLFault) -> String {
        let new = Self.lines(of: section, settings)
        var lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        if lines.last == "" { lines.removeLast() }
        let place = place(of: section, lineCount: lines.count)
        lines.replaceSubrange(place, with: new)
        let changed = lines.map { $0 + "\n" }.joined()
        guard
            try others(than: section, in: SettingsFile(yaml: changed, file: file))
                == others(than: section, in: self)
        else {
            throw YAMLFault(
                file: file,
                line: place.lowerBound + 1,
                message: "\(section) cannot be told from what stands around it; give it lines of "
                    + "its own"
            )
        }
        return changed
    }

    /// The lines of a section, counted from 0; an empty place behind all where there is none.
    private func place(of section: String, lineCount: Int) -> Range<Int> {
        guard let mapping = root?.mapping else { return lineCount..<lineCount }
        let keys = mapping.map(\.key)
        guard let index = keys.firstIndex(where: { $0.scalar?.string == section }),
            let line = keys[index].mark?.line
        else { return lineCount..<lineCount }
        let next = keys.dropFirst(index + 1).first?.mark?.line ?? lineCount + 1
        var end = max(line, min(next - 1, lineCount))
        let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
        // Comments and blank lines above the next word belong to it.
        while end > line, end <= lines.count, Self.standsApart(lines[end - 1]) { end -= 1 }
        return (line - 1)..<end
    }

    private static func standsApart(_ line: Substring.UTF8View) -> Bool {
        line.first == UInt8(ascii: "#") || line.allSatisfy { $0 == 32 || $0 == 9 || $0 == 13 }
    }

    private func others(than section: String, in file: SettingsFile) throws(YAMLFault) -> [Node] {
        guard let mapping = file.root?.mapping else { return [] }
        return mapping.filter { $0.key.scalar?.string != section }.flatMap { [$0.key, $0.value] }
    }

    private static func lines(
        of section: String,
        _ settings: [(name: String, value: String)]
    ) -> [String] {
        guard !settings.isEmpty else { return [] }
        var lines = ["\(section):"]
        var above: [Substring] = []
        for (name, value) in settings {
            let words = name.split(separator: ".")
            let common = zip(words, above).prefix { $0 == $1 }.count
            for (depth, word) in words.enumerated().dropFirst(common) {
                let indent = String(repeating: "  ", count: depth + 1)
                let isLast = depth == words.count - 1
                lines.append("\(indent)\(word):" + (isLast ? " \(value)" : ""))
            }
            above = words
        }
        return lines
    }

    private func fault(_ node: Node, _ message: String) -> YAMLFault {
        YAMLFault(file: file, line: node.mark?.line ?? 1, message: message)
    }
}
