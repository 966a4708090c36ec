/// Reads the configuration again and takes it, as SIGHUP does.
package struct ReloadRequest: ControlRequest {
    /// What the operator says about it, for the log; empty for nothing, at most 255 octets.
    package var reason: String

    package init(reason: String = "") {
        self.reason = reason
    }

    package var question: Question { .reload(self) }

    package static func answer(in reply: Reply) -> ReloadReport? {
        guard case .reload(let answer) = reply else { return nil }
        return answer
    }
}

/// What became of a reload; where it failed, the running configuration stays.
package struct ReloadReport: Hashable, Sendable {
    package var result: ActionResult
    /// What is wrong with the file, a line each, the errors as `check` prints them.
    package var lines: [String]

    package init(_ result: ActionResult, lines: [String] = []) {
        self.result = result
        self.lines = lines
    }
}
