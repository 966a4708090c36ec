/// Where something was written: file, line and column, both counted from 1.
///
/// Every two places are equal, so that values which remember where they came from compare by what
/// they say: a configuration printed and read again equals the first.
package struct SourcePlace: Sendable {
    /// The file's name as it was given or included.
    package var file: String
    /// The line, from 1.
    package var line: Int
    /// The column in bytes, from 1.
    package var column: Int

    /// A place in a file.
    package init(file: String, line: Int, column: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourcePlace: Hashable, CustomStringConvertible {
    /// Always true: see the type.
    package static func == (left: SourcePlace, right: SourcePlace) -> Bool { true }

    package func hash(into hasher: inout Hasher) {}

    /// `bgpd.conf:31`.
    package var description: String { "\(file):\(line)" }
}
