package import Control

/// Questions from another thread of this process to the core, and its answers.
package final class LocalControl: Sendable {
    let questions: Mailbox<(token: UInt64, question: Question)>
    let replies: Mailbox<(token: UInt64, reply: Reply)>

    /// `wakeCore` is called when a question waits, `wakeScreen` when an answer does.
    init(wakeCore: @escaping @Sendable () -> Void, wakeScreen: @escaping @Sendable () -> Void) {
        questions = Mailbox(wake: wakeCore)
        replies = Mailbox(wake: wakeScreen)
    }

    /// Asks; the answer comes through ``takeReplies()`` with the same token.
    package func ask(_ question: Question, token: UInt64) {
        questions.put((token, question))
    }

    /// The answers that are there.
    package func takeReplies() -> [(token: UInt64, reply: Reply)] {
        replies.take()
    }
}
