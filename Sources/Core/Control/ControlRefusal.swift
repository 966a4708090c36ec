/// Why a request got no answer of its own kind.
package enum ControlRefusal: Error, Hashable, Sendable {
    /// The speaker refused it.
    case refused(ActionResult)
    /// The answer was another request's.
    case otherAnswer
}

extension ControlRequest {
    /// The answer in a reply to this request.
    package static func unwrap(_ reply: Reply) throws(ControlRefusal) -> Answer {
        if case .refused(let result) = reply { throw .refused(result) }
        guard let answer = answer(in: reply) else { throw .otherAnswer }
        return answer
    }
}
