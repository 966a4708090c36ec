import Configuration
import Glibc

extension Files {
    /// Puts a file in place of another in one step; folders that are missing are made.
    ///
    /// A symbolic link stays one: what it points to is replaced. Permissions stay too.
    static func replace(_ path: String, with bytes: [UInt8]) throws(UnreadableFile) {
        let path = target(of: path)
        makeFolders(above: path)
        var status = stat()
        let mode = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o644
        let new = "\(path).\(getpid())"
        let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw UnreadableFile(reason: words(errno)) }
        var failure = write(bytes, to: descriptor)
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        close(descriptor)
        if failure == 0, rename(new, path) != 0 { failure = errno }
        guard failure == 0 else {
            unlink(new)
            throw UnreadableFile(reason: words(failure))
        }
    }

    /// Writes all of it; the error number where that fails, else 0.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = rest.dropFirst(count)
        }
        return 0
    }

    /// The file behind symbolic links; the path itself where there is none yet.
    private static func target(of path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// What cannot be made is found missing when the file is opened.
    private static func makeFolders(above path: String) {
        var folder = ""
        for name in path.split(separator: "/").dropLast() {
            folder += "/\(name)"
            mkdir(folder, 0o700)
        }
    }
}
