import PrivatePostgres

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A library that, preloaded, has a program see another time of day.
///
/// What counts the time since the machine was started, as timers do, stays as it is.
public final class ShiftedClock: Sendable {
    private let folder: String

    /// Compiles it, with the compiler of C that comes with Swift.
    ///
    /// - Returns: The library; `nil` where there is no compiler, and on macOS, which preloads otherwise.
    public static func built() async throws -> ShiftedClock? {
        #if canImport(Glibc)
            var template = Array("/tmp/reimburse-clock.XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { return nil }
            let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            let clock = ShiftedClock(folder: folder)
            if let file = fopen("\(folder)/clock.c", "w") {
                fputs(source, file)
                fclose(file)
                let arguments = ["-shared", "-fPIC", "-o", "\(folder)/clock.so", "\(folder)/clock.c"]
                let compiler = try? ChildProcess("clang", arguments)
                if await compiler?.waitForExit() == .exited(0) { return clock }
            }
            clock.end()
        #endif
        return nil
    }

    private init(folder: String) {
        self.folder = folder
    }

    /// What a program's environment needs to have, for its clock to be so far ahead.
    public func environment(seconds: Int) -> [String: String] {
        ["LD_PRELOAD": "\(folder)/clock.so", "CLOCK_SHIFT": "\(seconds)"]
    }

    /// Removes it.
    public func end() {
        for name in ["clock.c", "clock.so"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        int clock_gettime(clockid_t clock, struct timespec *time) {
            int result = syscall(SYS_clock_gettime, clock, time);
            const char *shift = getenv("CLOCK_SHIFT");
            if (!result && shift && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
                time->tv_sec += atol(shift);
            return result;
        }

        int gettimeofday(struct timeval *time, void *zone) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            time->tv_sec = now.tv_sec;
            time->tv_usec = now.tv_nsec / 1000;
            return 0;
        }

        time_t time(time_t *time) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (time) *time = now.tv_sec;
            return now.tv_sec;
        }

        """
}
