import Control

/// What became of a request that has no table to show.
enum ActionPrinter {
    static func text(_ result: ActionResult, to output: inout Output) {
        output.line(result.text)
    }

    static func json(_ result: ActionResult, to json: inout JSONWriter) {
        guard result != .processed else {
            json.string("status", "OK")
            return
        }
        json.string("status", "FAILED")
        json.string("error", result.text)
    }
}
