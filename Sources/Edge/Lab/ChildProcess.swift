import CLinux
import Glibc

/// A process that the lab started.
struct ChildProcess {
    /// What it is called in messages.
    var name: String
    let process: pid_t

    /// Starts a program: in a session of its own, with nothing open but what is named here.
    ///
    /// - Parameters:
    ///   - name: What it is called in messages.
    ///   - path: The program.
    ///   - arguments: What follows the program's name.
    ///   - namespace: The name of the network namespace to run in; nil for the caller's.
    ///   - input: Becomes its standard input; nil: nothing to read.
    ///   - output: Becomes its standard output; nil: to nowhere.
    ///   - errors: Becomes its standard error; nil: to nowhere.
    ///   - endsWithUs: Whether it is told to end when the calling thread ends, however that happens.
    /// - Returns: The running process.
    /// - Throws: ``LabFault`` where it cannot be started.
    static func start(
        _ name: String,
        _ path: String,
        _ arguments: [String],
        namespace: String? = nil,
        input: Int32? = nil,
        output: Int32? = nil,
        errors: Int32? = nil,
        endsWithUs: LifeTime
    ) throws(LabFault) -> ChildProcess {
        var words: [UnsafeMutablePointer<CChar>?] = (["peerglass"] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        let descriptors = [input ?? -1, output ?? -1, errors ?? -1]
        let death = endsWithUs == .bound ? SIGTERM : 0
        let started: pid_t
        if let namespace {
            started = cl_spawn(path, &words, "/run/netns/\(namespace)", descriptors, death)
        } else {
            started = cl_spawn(path, &words, nil, descriptors, death)
        }
        guard started > 0 else { throw .process(name, String(cString: cl_error_text(-started))) }
        return ChildProcess(name: name, process: started)
    }

    /// How long a child lives.
    enum LifeTime {
        /// As long as the thread that started it, at most.
        case bound
        /// As long as it likes.
        case free
    }

    /// Whether it has ended, and if so how, in words; asks once and does not wait.
    func ending() -> String? {
        var status: Int32 = 0
        let result = waitpid(process, &status, WNOHANG)
        if result == 0 || (result < 0 && errno == EINTR) { return nil }
        if result < 0 { return "gone" }
        let signal = status & 0x7F
        return signal == 0 ? "exit status \(status >> 8 & 0xFF)" : "signal \(signal)"
    }

    /// Ends it: asked at first, then forced when it has not ended after that time.
    static func end(_ children: [ChildProcess], within bound: Duration) {
        var alive = children
        for child in alive { kill(child.process, SIGTERM) }
        // A stopped process hears nothing before it goes on.
        for child in alive { kill(child.process, SIGCONT) }
        let end = ContinuousClock.now + bound
        while true {
            alive.removeAll { $0.ending() != nil }
            if alive.isEmpty { return }
            if ContinuousClock.now >= end { break }
            usleep(5_000)
        }
        for child in alive { kill(child.process, SIGKILL) }
        for child in alive { waitpid(child.process, nil, 0) }
    }
}
