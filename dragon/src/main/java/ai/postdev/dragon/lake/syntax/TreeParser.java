package ai.postdev.dragon.lake.syntax;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * One native parser with the memory it reads from. For one thread at a time: whoever borrows it. The text is copied to
 * native memory once; the parser calls back for it once and, every hundred steps, to ask whether it is out of time.
 */
final class TreeParser implements AutoCloseable {
    /** {@link TreeSitter#READ}. */
    interface Read {
        MemorySegment read(MemorySegment payload, int from, MemorySegment point, MemorySegment bytesRead);
    }

    /** {@link TreeSitter#PROGRESS}. */
    interface Late {
        boolean late(MemorySegment state);
    }

    private static final int FIRST_CAPACITY = 256 << 10;
    private static final int ENCODING_UTF8 = 0;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment parser = TreeSitter.newParser();
    private final MemorySegment input = arena.allocate(TreeSitter.INPUT);
    private final MemorySegment options = arena.allocate(TreeSitter.OPTIONS);
    private final MemorySegment edit = arena.allocate(TreeSitter.EDIT);
    private final TreeSitter.Node[] nodes = new TreeSitter.Node[4];
    private Arena textArena = Arena.ofShared();
    private MemorySegment text = textArena.allocate(FIRST_CAPACITY);
    private int length;
    private long deadline;

    TreeParser() {
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = new TreeSitter.Node(arena);
        }
        // The parser asks for everything from an offset on, and gets it in one piece.
        Read read = (_, from, _, bytesRead) -> {
            int at = Integer.compareUnsigned(from, length) < 0 ? from : length;
            bytesRead.set(JAVA_INT, 0, length - at);
            return text.asSlice(at);
        };
        Late late = _ -> System.nanoTime() - deadline > 0;
        input.set(ADDRESS, 8, callback(Read.class, "read", TreeSitter.READ, read));
        input.set(JAVA_INT, 16, ENCODING_UTF8);
        options.set(ADDRESS, 8, callback(Late.class, "late", TreeSitter.PROGRESS, late));
    }

    private MemorySegment callback(Class<?> type, String name, FunctionDescriptor function, Object target) {
        try {
            MethodHandle method = MethodHandles.lookup().findVirtual(type, name, function.toMethodType());
            return TreeSitter.callback(method.bindTo(target), function, arena);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the callbacks of this class are missing", e);
        }
    }

    /**
     * Parses a text.
     *
     * @param nanos time it may take
     * @return the tree, to be given to {@link TreeSitter#deleteTree}, or {@link MemorySegment#NULL} if the time was up
     */
    MemorySegment parse(MemorySegment language, byte[] utf8, long nanos) {
        return parse(language, MemorySegment.NULL, utf8, nanos);
    }

    /**
     * Parses a text where it differs from an earlier one.
     *
     * @param before its tree; edited
     * @return as {@link #parse(MemorySegment, byte[], long)}
     */
    MemorySegment parse(MemorySegment language, MemorySegment before, List<TextEdit> edits, byte[] utf8, long nanos) {
        edits.reversed().forEach(each -> TreeSitter.edit(before, each, edit));
        return parse(language, before, utf8, nanos);
    }

    /** Whether the text of a tree was not understood as a whole. */
    boolean hasError(MemorySegment tree) {
        nodes[0].root(tree);
        return nodes[0].hasError();
    }

    private MemorySegment parse(MemorySegment language, MemorySegment before, byte[] utf8, long nanos) {
        if (!TreeSitter.setLanguage(parser, language)) {
            throw new IllegalStateException(
                    "the grammar was made for another version of tree-sitter than the library's");
        }
        if (utf8.length > text.byteSize()) {
            newText(Math.max(utf8.length, FIRST_CAPACITY));
        }
        MemorySegment.copy(utf8, 0, text, JAVA_BYTE, 0, utf8.length);
        length = utf8.length;
        deadline = System.nanoTime() + nanos;
        MemorySegment tree = TreeSitter.parse(parser, before, input, options);
        TreeSitter.resetParser(parser);
        return tree;
    }

    /** Node number {@code index} of four that whoever has the parser may use. */
    TreeSitter.Node node(int index) {
        return nodes[index];
    }

    /** Where cursors over this parser's trees live. */
    Arena arena() {
        return textArena;
    }

    /** Gives memory back that one huge text made necessary. */
    void shrink() {
        if (text.byteSize() > FIRST_CAPACITY) {
            newText(FIRST_CAPACITY);
        }
    }

    @Override
    public void close() {
        TreeSitter.deleteParser(parser);
        textArena.close();
        arena.close();
    }

    private void newText(int capacity) {
        textArena.close();
        textArena = Arena.ofShared();
        text = textArena.allocate(capacity);
    }
}
