package ai.postdev.dragon.lake.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathGlobTest {
    @ParameterizedTest
    @CsvSource({
        "*.java, a/b/C.java, true",
        "*.java, C.java, true",
        "src/*.java, src/a/C.java, false",
        "src/**/*.java, src/C.java, true",
        "src/**/*.java, src/a/b/C.java, true",
        "**/test/**, a/test/b/c, true",
        "src/, src/a/b.go, true",
        "./src/*.go, src/a.go, true",
        "/a.go, b/a.go, false",
        "/a.go, a.go, true",
        "a?c.go, abc.go, true",
        "a?c.go, a/c.go, false",
        "[ab].go, b.go, true",
        "[!ab].go, c.go, true",
        "'*.{ts,tsx}', x/y.tsx, true",
        "a.go, xa.go, false",
        "a+b.go, a+b.go, true",
        "a.go, aXgo, false",
    })
    void matchesAsGitAndRipgrepDo(String glob, String path, boolean matches) {
        assertEquals(matches, PathGlob.of(glob).matches(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a[b", "a{b"})
    void refusesWhatCannotBeRead(String glob) {
        assertThrows(IllegalArgumentException.class, () -> PathGlob.of(glob));
    }
}
