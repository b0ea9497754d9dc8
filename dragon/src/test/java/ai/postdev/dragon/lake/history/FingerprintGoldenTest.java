package ai.postdev.dragon.lake.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.actors.op.ContentHash;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Fingerprints lie in snapshots: a version of the program that made others would no longer find what was there before. */
class FingerprintGoldenTest {
    private static final String[] PARTS = {
        "error",
        "Error",
        "ERROR:",
        "failed",
        "FAILED",
        "timed out",
        "timed  out",
        "time out",
        "timeout",
        "can't",
        "Cannot",
        "cannots",
        "could not",
        "no such",
        "not found",
        "knot found",
        "panic",
        "panicked",
        "panics",
        "aborted",
        "abort",
        "traceback",
        "segmentation fault",
        "undefined",
        "denied_",
        "_denied",
        "exception",
        "fatal\u00e9",
        "\u00e9fatal",
        "fatal\u0301",
        "e\u0301fatal",
        "\u017fegmentation fault",
        "\u212aill refused",
        "java.lang.IllegalStateException",
        "KeyError",
        "MyFault$1",
        "ReWarning",
        "deadInterrupt",
        "Panic",
        "\u001b[1;31m",
        "\u001b[0m",
        "\u001b]8;;http://x\u0007",
        "at com.acme.Service.start(Service.java:12)",
        "\tat async run (/a/b.js:1:2)",
        "  File \"/a/main.py\", line 3, in fetch",
        "#3 0x00007f in main () at a.c:3",
        "3: 0x55 - core::panic::run",
        "at ",
        "12",
        "1,024",
        "3.5ms",
        "10:42:07.123",
        "2026-11-24",
        "0x7f3a2b4c",
        "deadbeef01",
        "4f2a9c1",
        "550e8400-e29b-41d4-a716-446655440000",
        "/home/ada/x/Foo.java:12:",
        "Main.java:12",
        "main.go:3:7",
        "10.0.0.1:80",
        "C:\\x\\y.txt",
        "build-7/node.d/left-pad",
        "left-pad",
        "a-b-c",
        "x-9",
        "HTTPClientFactory",
        "parse_url",
        "__init__",
        "utf8",
        "base64Encoder",
        "x86_64",
        "Thread-12",
        "Foo@1b2c3d",
        "text+0x1f",
        "'alpha'",
        "\"a b c\"",
        "`tick",
        "\u201cquoted\u201d",
        "it's",
        "key='v'",
        "f('x')",
        "Caused by:",
        "warning",
        "info",
        "E",
        "Exception in thread \"main\"",
        "uncaught",
        "mon",
        "jan",
        "Tue",
        "utc",
        "\u4e2d\u6587\u5b57\u7b26",
        "na\u00efve",
        "STRASSE",
        "\u0130stanbul",
        "\ud83d\ude80",
        "\ud83d",
        "A",
        "aB",
        "ABc",
        "aBC",
        "a1b2",
        "1st",
        "v1.2/",
        "(x)",
        "[y]",
        "{z}",
        "~",
        "%d"
    };
    private static final String[] BETWEEN = {
        " ", " ", " ", " ", "\n", "\r\n", "\r", "\u2028", "\u0085", "\t", ": ", "", "-", "_"
    };

    /** A hostile text of so many parts. */
    static String text(Random random, int parts) {
        StringBuilder made = new StringBuilder();
        for (int part = 0; part < parts; part++) {
            made.append(PARTS[random.nextInt(PARTS.length)]).append(BETWEEN[random.nextInt(BETWEEN.length)]);
            if (random.nextInt(8) == 0) {
                made.append(Integer.toString(random.nextInt(100_000), 36));
            }
        }
        return made.toString();
    }

    @Test
    void fingerprintsStayWhatTheyWere() {
        Random random = new Random(20_261_130);
        StringBuilder all = new StringBuilder();
        for (int text = 0; text < 4_000; text++) {
            // Some longer than what is looked at, with more words, lines and errors than are kept.
            String made = text(random, text % 200 == 0 ? 3_000 : random.nextInt(40));
            Fingerprint found = Fingerprint.of(made);
            all.append(found.hex())
                    .append(new TreeSet<>(found.lines()))
                    .append(found.normalized())
                    .append(new TreeSet<>(found.tokens()))
                    .append(Fingerprint.saysOfFailure(made));
        }
        assertEquals(
                "b28b099b64bba24732b0f903410ddaa0dc64cba2b416bf5d5b285ed0a1c3dea5",
                ContentHash.of(all.toString()).hex());
    }
}
