import Canvas
import Foundation
import Testing

/// Compares a screen with its golden file, character for character.
///
/// With `PEERGLASS_REWRITE_GOLDEN=1` the file is written instead; the diff is to be read. The two
/// drawings of the specification are never rewritten.
func expectGolden(
    _ canvas: Canvas,
    _ name: String,
    isDrawing: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    let file = folder.appending(path: "\(name).txt")
    let shown = canvas.text
    if ProcessInfo.processInfo.environment["PEERGLASS_REWRITE_GOLDEN"] == "1", !isDrawing {
        do {
            try shown.write(to: file, atomically: true, encoding: .utf8)
        } catch {
            Issue.record(
                "\(file.path()) cannot be written: \(error)",
                sourceLocation: sourceLocation
            )
        }
        return
    }
    guard let golden = try? String(contentsOf: file, encoding: .utf8) else {
        Issue.record("\(file.path()) cannot be read", sourceLocation: sourceLocation)
        return
    }
    let expected = golden.split(separator: "\n", omittingEmptySubsequences: false)
    let actual = shown.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(expected.count == actual.count, "\(name): lines", sourceLocation: sourceLocation)
    for (index, (line, drawn)) in zip(expected, actual).enumerated() {
        #expect(line == drawn, "\(name): line \(index)", sourceLocation: sourceLocation)
    }
}
