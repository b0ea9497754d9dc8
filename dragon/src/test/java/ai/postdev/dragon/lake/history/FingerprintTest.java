package ai.postdev.dragon.lake.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Connection to 10.0.0.1:5432 refused | Connection to 192.168.3.44:80 refused",
                "/home/ada/x/Foo.java:12: error: cannot find symbol | /tmp/build/Bar.java:990: error: cannot find"
                        + " symbol",
                "KeyError: 'alpha' | KeyError: 'beta'",
                "2026-11-24 10:00:01,123 ERROR pool-1-thread-7 job failed | 2025-01-02 23:59:59,999 ERROR"
                        + " pool-3-thread-1 job failed",
                "object at 0x7f3a2b4c died | object at 0xdeadbeef0 died",
                "request 550e8400-e29b-41d4-a716-446655440000 failed | request 123e4567-e89b-12d3-a456-426614174000"
                        + " failed",
                "com.acme.Foo@1b2c3d is closed | com.acme.Foo@77aa is closed",
                "took 12ms | took 3ms",
                "undefined reference at .text+0x1f | undefined reference at .text+0xabc1",
                "fatal: bad object 4f2a9c1 | fatal: bad object 9e8d7c6b5a",
                "FAILED tests/test_a.py::test_x[3] - assert 4 == 5 | FAILED tests/test_a.py::test_x[9] - assert 1 =="
                        + " 77",
                "panic: index out of range [5] with length 3 | panic: index out of range [12] with length 9",
            })
    void theSameWithOtherValuesHasTheSameFingerprint(String one, String other) {
        assertEquals(Fingerprint.of(one).normalized(), Fingerprint.of(other).normalized());
        assertEquals(Fingerprint.of(one).value(), Fingerprint.of(other).value());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Connection refused | Connection reset",
                "KeyError: 'alpha' | ValueError: 'alpha'",
                "error: cannot find symbol | error: incompatible types",
                "utf8 is broken | utf16 is broken",
            })
    void whatDiffersInWordsHasAnotherFingerprint(String one, String other) {
        assertNotEquals(Fingerprint.of(one).value(), Fingerprint.of(other).value());
    }

    private static String java(String message, int line, String deep) {
        return "Exception in thread \"main\" java.lang.IllegalStateException: " + message + "\n"
                + "\tat com.acme.Service.start(Service.java:" + line + ")\n"
                + "\tat com.acme.Main$$Lambda$14/0x0000.run(Unknown Source)\n"
                + "\tat com.acme.Main.main(Main.java:" + (line + 3) + ")\n"
                + "\tat " + deep + ".invoke(X.java:1)\n";
    }

    @Test
    void aStackTraceIsKnownByItsClassMessageAndTopFrames() {
        Fingerprint one = Fingerprint.of(java("port 8080 is taken", 10, "jdk.internal.A"));
        Fingerprint other = Fingerprint.of(java("port 99 is taken", 77, "jdk.internal.B"));
        assertEquals(one.value(), other.value(), one.normalized() + "\n" + other.normalized());
        assertNotEquals(
                one.value(),
                Fingerprint.of(java("port 99 is free", 77, "jdk.internal.B")).value());
        assertTrue(one.lines()
                .contains(Fingerprint.of("java.lang.IllegalStateException: port 1 is taken")
                        .value()));
    }

    @Test
    void aPythonTracebackIsKnownByItsLastFrames() {
        String head = "Traceback (most recent call last):\n  File \"/a/main.py\", line 3, in <module>\n    run()\n";
        String tail = "  File \"/a/lib.py\", line 9, in fetch\n    raise ValueError(x)\nValueError: bad port 17\n";
        Fingerprint one = Fingerprint.of(head + tail);
        Fingerprint other = Fingerprint.of(
                (head + tail).replace("/a/", "/srv/z/").replace("17", "4").replace("line 9", "line 12"));
        assertEquals(one.value(), other.value(), one.normalized() + "\n" + other.normalized());
    }

    @Test
    void tokensAreWordsAndPartsOfIdentifiers() {
        assertEquals(
                Set.of("httpclientfactory", "http", "client", "factory", "cannot", "parse_url", "parse", "url", "go"),
                Fingerprint.of("HTTPClientFactory cannot parse_url in/src/go").tokens());
        assertTrue(Fingerprint.of("at 0x7f3a2b4c deadbeef01").tokens().stream().noneMatch(t -> t.contains("beef")));
    }

    @Test
    void coloursOfATerminalAreNotPartOfWhatWasSaid() {
        String plain = "error: cannot find symbol";
        String coloured =
                "\u001b[1;31merror\u001b[0m:\u001b[K \u001b]8;;http://x\u0007cannot\u001b]8;;\u0007 find symbol";
        assertEquals(
                Fingerprint.of(plain).normalized(), Fingerprint.of(coloured).normalized());
        assertEquals(Fingerprint.of(plain).tokens(), Fingerprint.of(coloured).tokens());
    }

    @Test
    void aNameWithHyphensIsAWordAndFoldersAreNot() {
        assertEquals(
                Set.of("left-pad", "left", "pad", "missing"),
                Fingerprint.of("build-7/node.d/left-pad missing 2026-11-24T10:00:00Z")
                        .tokens());
    }

    @Test
    void tokensAloneAreThoseOfTheFingerprint() {
        Random random = Seeded.random("tokensAloneAreThoseOfTheFingerprint");
        String[] parts = {"aB", "ab_cd", " ", "\n", "error ", "x/", "Ye", "1f", "."};
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(200); i > 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            assertEquals(Fingerprint.of(text.toString()).tokens(), new TreeSet<>(Fingerprint.tokens(text.toString())));
        }
    }

    @Test
    void theErrorAtTheEndOfALongOutputIsFound() {
        StringBuilder output = new StringBuilder("$ make all\n");
        for (int i = 0; i < 3_000; i++) {
            output.append("compiling unit").append(i).append(" of the frobnicator\n");
        }
        String error = "src/frob.c:12:3: error: implicit declaration of function 'strlcpy'";
        Fingerprint whole = Fingerprint.of(output + error + "\nmake: *** [all] Error 1\n");
        Fingerprint pasted = Fingerprint.of(error.replace("12:3", "99:1"));
        assertTrue(whole.lines().contains(pasted.value()));
        assertTrue(whole.tokens().contains("strlcpy"));
    }

    @Test
    void anyTextIsDoneInBoundedTime() {
        Random random = Seeded.random("anyTextIsDoneInBoundedTime");
        String[] parts = {
            "at ", "a.b$", "(", ")", "\"", "'", " ", "\n", "0x", "#1 ", "File \"", "://", "é", "\ud83d", "Error", "\t"
        };
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int round = 0; round < 300; round++) {
                StringBuilder text = new StringBuilder();
                String one = parts[random.nextInt(parts.length)];
                while (text.length() < 20_000) {
                    text.append(round % 3 == 0 ? one : parts[random.nextInt(parts.length)]);
                }
                Fingerprint.of(text.toString());
            }
        });
    }
}
