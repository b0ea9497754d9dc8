package ai.postdev.benchmarks.kernel;

import ai.postdev.dragon.lake.code.InvalidPatternException;
import ai.postdev.dragon.lake.code.ngram.NgramIndex;
import ai.postdev.dragon.lake.code.ngram.NgramView;
import ai.postdev.dragon.lake.code.ngram.Segment;
import ai.postdev.dragon.lake.code.ngram.SegmentBuilder;
import ai.postdev.dragon.lake.code.pattern.LineMatcher;
import ai.postdev.dragon.lake.code.pattern.LinePattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Looking for lines in 4 MB of the JDK's sources: our patterns over bytes beside {@code java.util.regex} over strings, and what
 * the index of grams takes to say where to look. Microseconds for all of the text.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PatternLoops {
    private static final int BYTES = 4 << 20;

    /** What is looked for. */
    @Param({
        "ConcurrentSkipListMap",
        "class \\w+Exception extends",
        "(read|write)Fully\\(",
        "[A-Z]{3,}_TIMEOUT_MS",
        "\\w{30,}"
    })
    public String pattern;

    private List<byte[]> texts;
    private List<String> strings;
    private LinePattern ours;
    private LineMatcher matcher;
    private Pattern theirs;
    private NgramView view;

    /** Reads the text and indexes it. */
    @Setup
    public void setUp() throws IOException, InvalidPatternException {
        texts = JdkSources.of(BYTES);
        strings = new ArrayList<>();
        texts.forEach(text -> strings.add(new String(text, StandardCharsets.UTF_8)));
        ours = LinePattern.regex(pattern, false);
        matcher = ours.matcher(() -> false);
        theirs = Pattern.compile(pattern);
        view = index();
        long lines = matchLines();
        if (lines != regexLines()) {
            throw new IllegalStateException(lines + " lines and " + regexLines() + " lines match " + pattern);
        }
    }

    /** Lines that match, by our matcher. */
    @Benchmark
    public long matchLines() {
        long lines = 0;
        for (byte[] text : texts) {
            for (int from = 0; from < text.length && matcher.find(text, from); from = matcher.lineEnd() + 1) {
                lines++;
            }
        }
        return lines;
    }

    /** Lines that match, by the JDK's engine. */
    @Benchmark
    public long regexLines() {
        long lines = 0;
        for (String text : strings) {
            Matcher each = theirs.matcher(text);
            int from = 0;
            while (from < text.length() && each.find(from)) {
                lines++;
                int end = text.indexOf('\n', each.end());
                from = end < 0 ? text.length() : end + 1;
            }
        }
        return lines;
    }

    /** Which texts may match, by the index. */
    @Benchmark
    public int candidates() {
        return view.candidates(ours.grams()).blobs().cardinality();
    }

    /** Indexes all of the text; the pattern plays no part. */
    private NgramView index() {
        NgramIndex index = new NgramIndex();
        SegmentBuilder builder = new SegmentBuilder();
        for (int i = 0; i < texts.size(); i++) {
            builder.add(i, texts.get(i));
        }
        Segment segment = builder.build();
        index.add(segment);
        return index.view();
    }
}
