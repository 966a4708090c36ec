/// Waits for a condition, with a bound; asks often at first, and never longer than needed.
///
/// It takes no thread while it waits: other tests run meanwhile.
///
/// - Parameters:
///   - what: The condition in words, for the failure.
///   - bound: How long at most.
///   - story: What is told beside the failure.
///   - file: Where the caller stands.
///   - line: Where the caller stands.
///   - condition: Asked again and again; what it throws counts as "not yet".
/// - Throws: ``InteropError`` that names the caller's place and the condition, once the time is over.
package func waitUntil(
    _ what: String,
    within bound: Duration = .seconds(20),
    telling story: () -> String = { "" },
    file: StaticString = #fileID,
    line: UInt = #line,
    _ condition: () throws -> Bool
) async throws {
    let end = ContinuousClock.now + bound
    var pause = Duration.milliseconds(10)
    var lastError: (any Error)?
    while true {
        do {
            if try condition() { return }
            lastError = nil
        } catch {
            lastError = error
        }
        guard ContinuousClock.now < end else { break }
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(160))
    }
    let reason = lastError.map { "; last: \($0)" } ?? ""
    throw InteropError("\(file):\(line): not within \(bound): \(what)\(reason)\n\(story())")
}
