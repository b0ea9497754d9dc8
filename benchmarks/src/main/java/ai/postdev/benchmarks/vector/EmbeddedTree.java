package ai.postdev.benchmarks.vector;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.syntax.SyntaxSettings;
import ai.postdev.dragon.lake.syntax.TreeSitterSyntax;
import ai.postdev.dragon.model.EmbedderSettings;
import ai.postdev.dragon.model.MiniLmEmbedder;
import com.typesafe.config.ConfigFactory;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes the embeddings of a real tree, made as the product makes them: parsed into chunks, each different chunk embedded
 * by MiniLM. The file serves {@link VectorSideBySide} as set C. Files are taken in a random order of a fixed seed until
 * there are enough chunks; about 60 chunks take a second of CPU.
 *
 * <p>Arguments: {@code FOLDER FILE COUNT}; of a text file in place of a folder each line is embedded, for {@link RecallOverTime}.
 */
public final class EmbeddedTree {
    private static final long SEED = 7;
    private static final int REPORT_EACH = 1_000;

    private EmbeddedTree() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            System.out.println("arguments: FOLDER FILE COUNT");
            return;
        }
        Path from = Path.of(args[0]);
        if (Files.isDirectory(from)) {
            write(from, Path.of(args[1]), Integer.parseInt(args[2]));
        } else {
            writeLines(Files.readAllLines(from), Path.of(args[1]), Integer.parseInt(args[2]));
        }
    }

    private static void writeLines(List<String> lines, Path file, int wanted) throws IOException {
        Path cache = Files.createTempDirectory("tokenizer");
        try (MiniLmEmbedder embedder = MiniLmEmbedder.load(EmbedderSettings.from(ConfigFactory.load(), cache));
                OutputStream out = begin(file)) {
            for (String line : lines.subList(0, Math.min(wanted, lines.size()))) {
                append(out, embedder.embed(line));
            }
        }
    }

    private static OutputStream begin(Path file) throws IOException {
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        out.write(littleEndian(Integer.BYTES).putInt(MiniLmEmbedder.DIMENSIONS).array());
        return out;
    }

    private static void append(OutputStream out, float[] embedding) throws IOException {
        ByteBuffer bytes = littleEndian(MiniLmEmbedder.DIMENSIONS * Float.BYTES);
        bytes.asFloatBuffer().put(embedding);
        out.write(bytes.array());
    }

    private static void write(Path folder, Path file, int wanted) throws IOException {
        List<Path> files = files(folder);
        TreeSitterSyntax parser = new TreeSitterSyntax(SyntaxSettings.from(ConfigFactory.load()));
        Set<ContentHash> seen = new HashSet<>();
        Path cache = Files.createTempDirectory("tokenizer");
        try (MiniLmEmbedder embedder = MiniLmEmbedder.load(EmbedderSettings.from(ConfigFactory.load(), cache));
                OutputStream out = begin(file)) {
            for (Path next : files) {
                byte[] utf8 = Files.readString(next).getBytes(StandardCharsets.UTF_8);
                for (Syntax.Chunk chunk :
                        parser.parse(Language.ofPath(next.toString()), utf8).chunks()) {
                    int length = chunk.endByte() - chunk.startByte();
                    if (seen.size() < wanted && seen.add(ContentHash.of(utf8, chunk.startByte(), length))) {
                        String text = new String(utf8, chunk.startByte(), length, StandardCharsets.UTF_8);
                        append(out, embedder.embed(text));
                        report(seen.size());
                    }
                }
                if (seen.size() == wanted) {
                    break;
                }
            }
        }
        System.out.println(seen.size() + " embeddings in " + file);
    }

    private static void report(int count) {
        if (count % REPORT_EACH == 0) {
            System.out.println(count);
        }
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> files = new ArrayList<>(walk.filter(Files::isRegularFile)
                    .filter(file -> Language.ofPath(file.toString()) == Language.JAVA)
                    .sorted()
                    .toList());
            Collections.shuffle(files, new Random(SEED));
            return files;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
