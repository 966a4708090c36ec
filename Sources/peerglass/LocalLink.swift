import Control
import Daemon

/// The speaker of this process.
final class LocalLink: SpeakerLink {
    private let control: LocalControl

    init(_ control: LocalControl) {
        self.control = control
    }

    func ask(_ question: Question, token: UInt64) {
        control.ask(question, token: token)
    }

    func takeNews() -> [LinkNews] {
        control.takeReplies().map { .reply(token: $0.token, $0.reply) }
    }
}
