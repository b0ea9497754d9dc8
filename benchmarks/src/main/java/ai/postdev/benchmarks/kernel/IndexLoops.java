package ai.postdev.benchmarks.kernel;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.code.ngram.Segment;
import ai.postdev.dragon.lake.code.ngram.SegmentBuilder;
import ai.postdev.dragon.lake.history.Fingerprint;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.syntax.SyntaxSettings;
import ai.postdev.dragon.lake.syntax.TreeSitterSyntax;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What is done to every text that comes in, for 1 MB of the JDK's sources, and to every output of a tool. Microseconds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class IndexLoops {
    private static final int BYTES = 1 << 20;

    private List<byte[]> texts;
    private byte[] one;
    private byte[] other;
    private String output;
    private TreeSitterSyntax whole;
    private TreeSitterSyntax again;
    private boolean turn;

    /** Reads the text. */
    @Setup
    public void setUp() throws IOException {
        texts = JdkSources.of(BYTES);
        one = texts.stream().filter(text -> text.length > 60_000).findFirst().orElseThrow();
        other = new String(one, StandardCharsets.UTF_8)
                .replaceFirst("return ", "return  ")
                .getBytes(StandardCharsets.UTF_8);
        output =
                "src/main/java/shop/OrderBook.java:41: error: cannot find symbol\n  symbol:   method parseOrder(String)\n"
                        .repeat(40);
        SyntaxSettings kept = SyntaxSettings.defaults();
        whole = new TreeSitterSyntax(new SyntaxSettings(
                kept.chunkBytes(),
                kept.chunkLines(),
                kept.smallBytes(),
                kept.overlongBytes(),
                kept.parseBytes(),
                Duration.ofSeconds(4),
                0,
                0,
                kept.symbols(),
                kept.imports(),
                kept.depth()));
        again = new TreeSitterSyntax(kept);
    }

    /** Frees the parsers. */
    @TearDown
    public void tearDown() {
        whole.close();
        again.close();
    }

    /** The hash that names a text. */
    @Benchmark
    public int contentHash() {
        int sum = 0;
        for (byte[] text : texts) {
            sum += ContentHash.of(text).hashCode();
        }
        return sum;
    }

    /** A segment of the index of grams. */
    @Benchmark
    public Segment indexGrams() {
        SegmentBuilder builder = new SegmentBuilder();
        for (int i = 0; i < texts.size(); i++) {
            builder.add(i, texts.get(i));
        }
        return builder.build();
    }

    /** Symbols and chunks of one file of some 60 kB, parsed as a whole. */
    @Benchmark
    public Syntax parseWhole() {
        return whole.parse(Language.JAVA, turned());
    }

    /** The same as the next version of a text that differs in one place. */
    @Benchmark
    public Syntax parseAgain() {
        return again.parse(Language.JAVA, turned());
    }

    private byte[] turned() {
        turn = !turn;
        return turn ? one : other;
    }

    /** The fingerprint of a compiler's output, 4 kB. */
    @Benchmark
    public long fingerprint() {
        return Fingerprint.of(output).value();
    }
}
