package ai.postdev.dragon.lake.syntax;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The part of tree-sitter's C interface (version 0.26, {@code tree_sitter/api.h}) that this package uses, called without
 * JNI: a call costs some nanoseconds and reads the text as the bytes it is. Holds no state; what it hands out must be
 * used by one thread at a time.
 */
final class TreeSitter {
    /** {@code TSNode}: start byte, row, column, alias; the subtree; the tree. */
    static final StructLayout NODE = MemoryLayout.structLayout(
            JAVA_INT.withName("startByte"),
            JAVA_INT.withName("row"),
            JAVA_INT.withName("column"),
            JAVA_INT.withName("alias"),
            ADDRESS.withName("id"),
            ADDRESS.withName("tree"));

    /** {@code TSTreeCursor}. */
    static final StructLayout CURSOR = MemoryLayout.structLayout(
            ADDRESS.withName("tree"),
            ADDRESS.withName("id"),
            MemoryLayout.sequenceLayout(3, JAVA_INT).withName("context"),
            MemoryLayout.paddingLayout(4));

    static final StructLayout POINT = MemoryLayout.structLayout(JAVA_INT.withName("row"), JAVA_INT.withName("column"));

    /** {@code TSInput}: payload, read function, encoding, decode function. */
    static final StructLayout INPUT = MemoryLayout.structLayout(
            ADDRESS.withName("payload"),
            ADDRESS.withName("read"),
            JAVA_INT.withName("encoding"),
            MemoryLayout.paddingLayout(4),
            ADDRESS.withName("decode"));

    /** {@code TSInputEdit}: offsets of start, old end and new end; then their rows and columns. */
    static final StructLayout EDIT = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(3, JAVA_INT).withName("offsets"),
            MemoryLayout.sequenceLayout(6, JAVA_INT).withName("points"));

    /** {@code TSParseOptions}: payload, progress callback. */
    static final StructLayout OPTIONS =
            MemoryLayout.structLayout(ADDRESS.withName("payload"), ADDRESS.withName("progress"));

    /** {@code const char *(*read)(void *payload, uint32_t byte, TSPoint point, uint32_t *bytesRead)}. */
    static final FunctionDescriptor READ =
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, POINT, ADDRESS.withTargetLayout(JAVA_INT));

    /** {@code bool (*progress_callback)(TSParseState *state)}; true stops the parse. */
    static final FunctionDescriptor PROGRESS = FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = NativeLibraries.load("tree-sitter");

    private static final MethodHandle PARSER_NEW = slow("ts_parser_new", FunctionDescriptor.of(ADDRESS));
    private static final MethodHandle PARSER_DELETE = slow("ts_parser_delete", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle PARSER_RESET = slow("ts_parser_reset", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle PARSER_SET_LANGUAGE =
            slow("ts_parser_set_language", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, ADDRESS));
    private static final MethodHandle PARSER_PARSE =
            slow("ts_parser_parse_with_options", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, INPUT, OPTIONS));
    private static final MethodHandle TREE_ROOT = slow("ts_tree_root_node", FunctionDescriptor.of(NODE, ADDRESS));
    private static final MethodHandle TREE_DELETE = slow("ts_tree_delete", FunctionDescriptor.ofVoid(ADDRESS));

    private static final MethodHandle TREE_COPY = slow("ts_tree_copy", FunctionDescriptor.of(ADDRESS, ADDRESS));
    private static final MethodHandle TREE_EDIT = slow("ts_tree_edit", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));

    private static final MethodHandle SYMBOL_COUNT =
            slow("ts_language_symbol_count", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle SYMBOL_NAME =
            slow("ts_language_symbol_name", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_SHORT));
    private static final MethodHandle SYMBOL_TYPE =
            slow("ts_language_symbol_type", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
    private static final MethodHandle FIELD_ID =
            slow("ts_language_field_id_for_name", FunctionDescriptor.of(JAVA_SHORT, ADDRESS, ADDRESS, JAVA_INT));

    private static final MethodHandle NODE_SYMBOL = quick("ts_node_symbol", FunctionDescriptor.of(JAVA_SHORT, NODE));
    private static final MethodHandle NODE_END_BYTE = quick("ts_node_end_byte", FunctionDescriptor.of(JAVA_INT, NODE));
    private static final MethodHandle NODE_HAS_ERROR =
            quick("ts_node_has_error", FunctionDescriptor.of(JAVA_BOOLEAN, NODE));
    private static final MethodHandle NODE_FIELD =
            quick("ts_node_child_by_field_id", FunctionDescriptor.of(NODE, NODE, JAVA_SHORT));
    private static final MethodHandle NODE_CHILD_COUNT =
            quick("ts_node_child_count", FunctionDescriptor.of(JAVA_INT, NODE));
    private static final MethodHandle NODE_CHILD = quick("ts_node_child", FunctionDescriptor.of(NODE, NODE, JAVA_INT));

    private static final MethodHandle CURSOR_NEW = slow("ts_tree_cursor_new", FunctionDescriptor.of(CURSOR, NODE));
    private static final MethodHandle CURSOR_DELETE = slow("ts_tree_cursor_delete", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle CURSOR_NODE =
            quick("ts_tree_cursor_current_node", FunctionDescriptor.of(NODE, ADDRESS));
    private static final MethodHandle CURSOR_FIRST_CHILD =
            quick("ts_tree_cursor_goto_first_child", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    private static final MethodHandle CURSOR_NEXT_SIBLING =
            quick("ts_tree_cursor_goto_next_sibling", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    private static final MethodHandle CURSOR_PARENT =
            quick("ts_tree_cursor_goto_parent", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));

    private TreeSitter() {}

    private static MethodHandle slow(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow(name), type);
    }

    /** For functions that return in well under a microsecond and call nothing back. */
    private static MethodHandle quick(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow(name), type, Linker.Option.critical(false));
    }

    /** The grammar that the library {@code tree-sitter-NAME} holds. */
    static MemorySegment language(String name) {
        SymbolLookup library = NativeLibraries.load("tree-sitter-" + name);
        MemorySegment function = library.findOrThrow("tree_sitter_" + name);
        try {
            MemorySegment language = (MemorySegment) LINKER.downcallHandle(function, FunctionDescriptor.of(ADDRESS))
                    .invokeExact();
            return GuardedScanner.guard(name, library, language);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static MemorySegment callback(MethodHandle target, FunctionDescriptor type, Arena arena) {
        return LINKER.upcallStub(target, type, arena);
    }

    static MemorySegment newParser() {
        try {
            return (MemorySegment) PARSER_NEW.invokeExact();
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void deleteParser(MemorySegment parser) {
        try {
            PARSER_DELETE.invokeExact(parser);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Forgets a parse that was stopped, so that the next one starts anew. */
    static void resetParser(MemorySegment parser) {
        try {
            PARSER_RESET.invokeExact(parser);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** False if the grammar was made for another version of the library. */
    static boolean setLanguage(MemorySegment parser, MemorySegment language) {
        try {
            return (boolean) PARSER_SET_LANGUAGE.invokeExact(parser, language);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * The tree, to be deleted by the caller; {@link MemorySegment#NULL} if the progress callback stopped the parse.
     *
     * @param old the tree of an earlier version with the edits made in it, or {@link MemorySegment#NULL}
     */
    static MemorySegment parse(MemorySegment parser, MemorySegment old, MemorySegment input, MemorySegment options) {
        try {
            return (MemorySegment) PARSER_PARSE.invokeExact(parser, old, input, options);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void deleteTree(MemorySegment tree) {
        try {
            TREE_DELETE.invokeExact(tree);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Another handle on the same tree, for another thread or to be edited; to be deleted too. */
    static MemorySegment copyTree(MemorySegment tree) {
        try {
            return (MemorySegment) TREE_COPY.invokeExact(tree);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** @param edit memory of the layout {@link #EDIT}, written over */
    static void edit(MemorySegment tree, TextEdit made, MemorySegment edit) {
        int[] values = {
            made.start(),
            made.oldEnd(),
            made.newEnd(),
            made.startRow(),
            made.startColumn(),
            made.oldEndRow(),
            made.oldEndColumn(),
            made.newEndRow(),
            made.newEndColumn()
        };
        MemorySegment.copy(values, 0, edit, JAVA_INT, 0, values.length);
        try {
            TREE_EDIT.invokeExact(tree, edit);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static int symbolCount(MemorySegment language) {
        try {
            return (int) SYMBOL_COUNT.invokeExact(language);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static String symbolName(MemorySegment language, int symbol) {
        try {
            MemorySegment name = (MemorySegment) SYMBOL_NAME.invokeExact(language, (short) symbol);
            return name.equals(MemorySegment.NULL)
                    ? ""
                    : name.reinterpret(Integer.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Whether nodes of this symbol are named, that is no punctuation or keyword. */
    static boolean isNamed(MemorySegment language, int symbol) {
        try {
            return (int) SYMBOL_TYPE.invokeExact(language, (short) symbol) == 0;
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** The number of a field; 0 if the grammar has none of this name. */
    static int fieldId(MemorySegment language, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            return (short) FIELD_ID.invokeExact(language, text, (int) text.byteSize() - 1) & 0xffff;
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** A node in memory of its own, filled again and again: a flyweight, for one thread. */
    static final class Node {
        private final MemorySegment at;
        private final SegmentAllocator self;

        Node(Arena arena) {
            at = arena.allocate(NODE);
            self = (_, _) -> at;
        }

        void root(MemorySegment tree) {
            try {
                MemorySegment _ = (MemorySegment) TREE_ROOT.invokeExact(self, tree);
            } catch (Throwable e) {
                throw rethrow(e);
            }
        }

        boolean isNull() {
            return at.get(JAVA_LONG, 16) == 0;
        }

        int startByte() {
            return at.get(JAVA_INT, 0);
        }

        int row() {
            return at.get(JAVA_INT, 4);
        }

        int endByte() {
            try {
                return (int) NODE_END_BYTE.invokeExact(at);
            } catch (Throwable e) {
                throw rethrow(e);
            }
        }

        int symbol() {
            try {
                return (short) NODE_SYMBOL.invokeExact(at) & 0xffff;
            } catch (Throwable e) {
                throw rethrow(e);
            }
        }

        boolean hasError() {
            try {
                return (boolean) NODE_HAS_ERROR.invokeExact(at);
            } catch (Throwable e) {
                throw rethrow(e);
            }
        }

        int childCount() {
            try {
                return (int) NODE_CHILD_COUNT.invokeExact(at);
            } catch (Throwable e) {
                throw rethrow(e);
            }
        }

        void copy(Node other) {
            at.copyFrom(other.at);
        }

        /** Makes this the child of {@code parent} in a field; null if it has none or {@code field} is 0. */
        boolean childOf(Node parent, int field) {
            if (field == 0) {
                at.set(JAVA_LONG, 16, 0);
                return false;
            }
            try {
                MemorySegment _ = (MemorySegment) NODE_FIELD.invokeExact(self, parent.at, (short) field);
            } catch (Throwable e) {
                throw rethrow(e);
            }
            return !isNull();
        }

        /** Makes this a child of {@code parent} by position. */
        void child(Node parent, int index) {
            try {
                MemorySegment _ = (MemorySegment) NODE_CHILD.invokeExact(self, parent.at, index);
            } catch (Throwable e) {
                throw rethrow(e);
            }
        }
    }

    /** Walks a tree without recursion. For one thread; {@link #close} frees what the library holds for it. */
    static final class Cursor implements AutoCloseable {
        private final MemorySegment at;

        Cursor(Arena arena, Node start) {
            MemorySegment place = arena.allocate(CURSOR);
            try {
                MemorySegment _ = (MemorySegment) CURSOR_NEW.invokeExact((SegmentAllocator) (_, _) -> place, start.at);
            } catch (Throwable e) {
                throw rethrow(e);
            }
            at = place;
        }

        void node(Node into) {
            try {
                MemorySegment _ = (MemorySegment) CURSOR_NODE.invokeExact(into.self, at);
            } catch (Throwable e) {
                throw rethrow(e);
            }
        }

        boolean firstChild() {
            try {
                return (boolean) CURSOR_FIRST_CHILD.invokeExact(at);
            } catch (Throwable e) {
                throw rethrow(e);
            }
        }

        boolean nextSibling() {
            try {
                return (boolean) CURSOR_NEXT_SIBLING.invokeExact(at);
            } catch (Throwable e) {
                throw rethrow(e);
            }
        }

        boolean parent() {
            try {
                return (boolean) CURSOR_PARENT.invokeExact(at);
            } catch (Throwable e) {
                throw rethrow(e);
            }
        }

        @Override
        public void close() {
            try {
                CURSOR_DELETE.invokeExact(at);
            } catch (Throwable e) {
                throw rethrow(e);
            }
        }
    }

    /** A downcall declares Throwable but throws only what the linker itself throws: unchecked errors. */
    private static RuntimeException rethrow(Throwable e) {
        if (e instanceof RuntimeException runtime) {
            return runtime;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("tree-sitter call failed: " + e, e);
    }
}
