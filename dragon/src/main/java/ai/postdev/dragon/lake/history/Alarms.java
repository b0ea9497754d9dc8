package ai.postdev.dragon.lake.history;

import java.util.List;

/** Words by which a line says that something went wrong. */
final class Alarms {
    private static final SaidWords ERRORS = new SaidWords(List.of(
            "error",
            "exception",
            "fatal",
            "failed",
            "failure",
            "panicked",
            "panic",
            "cannot",
            "can't",
            "could not",
            "denied",
            "refused",
            "undefined",
            "unresolved",
            "not found",
            "no such",
            "traceback",
            "segmentation fault",
            "timed out",
            "timeout",
            "aborted",
            "abort"));

    /** What tools say of something wrong without calling it an error. */
    private static final SaidWords WRONG = new SaidWords(List.of(
            "not allowed",
            "does not",
            "is not",
            "rejected",
            "declined",
            "conflict",
            "conflicts",
            "missing",
            "invalid",
            "unexpected",
            "expected",
            "unable",
            "unhealthy",
            "wrong",
            "mismatch",
            "mismatched",
            "already",
            "unused",
            "never used",
            "unsafe",
            "race"));

    private Alarms() {}

    /** Whether a line says that something went wrong. */
    static boolean in(String line) {
        return ERRORS.in(line);
    }

    /** Whether a line says of something that it is not as it should be. */
    static boolean wrong(String line) {
        return WRONG.in(line);
    }
}
