package ai.postdev.dragon.lake.code.pattern;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Walks over a text and finds the lines that a program matches, building the deterministic automaton as it goes. A
 * state is a set of instructions and, where the program looks around, what stood before; whether a line is matched is
 * known at the latest when its end is read. Single-threaded: each worker has its own.
 */
final class LineAutomaton {
    /** Entries of the transition table, 4 bytes each; when full, the states are forgotten and built anew. */
    static final int TABLE_MAX = 1 << 21;
    /** Bytes between two looks at the deadline. */
    private static final int STRIDE_BYTES = 1 << 16;
    /** States built between two looks at the deadline. */
    private static final int STRIDE_STATES = 64;

    /** What a transition leads to, besides states. */
    private static final int UNKNOWN = 0;

    private static final int MATCHED = 1;
    private static final int DEAD = 2;
    private static final int SPECIAL_MAX = 2;

    private static final int AT_START = 1;
    private static final int AFTER_WORD = 2;
    private static final int AFTER_ASCII_WORD = 4;

    private static final Node.Kind[] KINDS = Node.Kind.values();

    private record State(int[] instructions, int flags) {
        @Override
        public boolean equals(Object other) {
            return other instanceof State(int[] others, int otherFlags)
                    && flags == otherFlags
                    && Arrays.equals(instructions, others);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(instructions) + flags;
        }
    }

    private final Program program;
    private final BooleanSupplier expired;
    private final int width;
    private final int[] asciiClasses = new int[128];
    private final char[][] pages = new char[(Character.MAX_CODE_POINT >> 8) + 1][];
    private final Map<State, Integer> ids = new HashMap<>();
    private State[] states = new State[64];
    private int[] table;
    private int used;
    private int built;

    private final int[] marks;
    private int mark;
    private final int[] members;
    private int memberCount;
    private final int[] stack;

    private int start;
    private boolean timedOut;
    private int lineStart;
    private int lineEnd;

    /** @param expired whether to give up; asked now and then */
    LineAutomaton(Program program, BooleanSupplier expired) {
        this.program = program;
        this.expired = expired;
        this.width = program.classCount();
        this.marks = new int[program.length()];
        this.members = new int[program.length()];
        this.stack = new int[2 * program.length() + 2];
        this.table = new int[64 * width];
        for (int b = 0; b < 128; b++) {
            asciiClasses[b] = program.classOf(b);
        }
        forget();
    }

    boolean timedOut() {
        return timedOut;
    }

    int lineStart() {
        return lineStart;
    }

    /** After the last byte of the line, the line feed not counted. */
    int lineEnd() {
        return lineEnd;
    }

    private void forget() {
        ids.clear();
        used = SPECIAL_MAX + 1;
        Arrays.fill(table, 0, Math.min(table.length, used * width), UNKNOWN);
        begin();
        start = closure(0) ? MATCHED : intern(AT_START);
    }

    /**
     * Finds the first matching line at or after {@code from}.
     *
     * @param from the start of a line
     * @param to the end of a line or of the text
     * @return whether there is one; its bounds are then in {@link #lineStart} and {@link #lineEnd}
     */
    boolean find(byte[] text, int from, int to) {
        int state = start;
        int at = from;
        while (at < to && !timedOut) {
            if (start == MATCHED) {
                return line(text, at, to);
            }
            int stop = Math.min(to, at + STRIDE_BYTES);
            while (at < stop) {
                // The common case by itself, on locals: known states and ASCII.
                int[] known = table;
                while (at < stop && text[at] >= 0) {
                    int next = known[state + asciiClasses[text[at]]];
                    if (next <= SPECIAL_MAX) {
                        break;
                    }
                    state = next;
                    at++;
                }
                if (at == stop) {
                    break;
                }
                int before = at;
                int b = text[at];
                int classId;
                if (b >= 0) {
                    classId = asciiClasses[b];
                    at++;
                } else {
                    int codePoint = Utf8.decode(text, at, to);
                    at += Utf8.length(b);
                    classId = classOf(codePoint);
                }
                int next = table[state + classId];
                if (next <= SPECIAL_MAX) {
                    if (next == UNKNOWN) {
                        next = build(state, classId);
                    }
                    if (next == MATCHED) {
                        return line(text, before, to);
                    }
                    if (next == DEAD) {
                        at = classId == Program.END_OF_LINE ? at : Utf8.lineEnd(text, at, to) + 1;
                        next = start;
                    }
                }
                state = next;
            }
            timedOut |= expired.getAsBoolean();
        }
        if (at >= to && to > from && text[to - 1] != '\n' && state != start && !timedOut) {
            int last = table[state];
            if ((last == UNKNOWN ? build(state, Program.END_OF_LINE) : last) == MATCHED) {
                return line(text, to, to);
            }
        }
        return false;
    }

    /** Whether the line from {@code from} to {@code to}, its line feed not counted, matches. */
    boolean matches(byte[] text, int from, int to) {
        if (from < to) {
            return find(text, from, to);
        }
        int last = start == MATCHED ? MATCHED : table[start];
        if (last == UNKNOWN) {
            last = build(start, Program.END_OF_LINE);
        }
        lineStart = from;
        lineEnd = to;
        return last == MATCHED;
    }

    private boolean line(byte[] text, int within, int to) {
        lineStart = Utf8.lineStart(text, within);
        lineEnd = Utf8.lineEnd(text, within, to);
        return true;
    }

    private int classOf(int codePoint) {
        char[] page = pages[codePoint >> 8];
        if (page == null) {
            page = new char[256];
            for (int i = 0; i < 256; i++) {
                page[i] = (char) program.classOf((codePoint & ~0xFF) + i);
            }
            pages[codePoint >> 8] = page;
        }
        return page[codePoint & 0xFF];
    }

    private void begin() {
        mark++;
        memberCount = 0;
    }

    /** Adds everything reachable from {@code from} without a condition; answers whether that includes the match. */
    private boolean closure(int from) {
        int depth = 0;
        stack[depth++] = from;
        boolean matched = false;
        while (depth > 0) {
            int at = stack[--depth];
            if (marks[at] == mark) {
                continue;
            }
            marks[at] = mark;
            switch (program.op(at)) {
                case Program.JUMP -> stack[depth++] = program.first(at);
                case Program.SPLIT -> {
                    if (marks[program.second(at)] != mark) {
                        stack[depth++] = program.second(at);
                    }
                    stack[depth++] = program.first(at);
                }
                case Program.MATCH -> matched = true;
                default -> members[memberCount++] = at;
            }
        }
        return matched;
    }

    /** The state with the present members; its offset in the table. */
    private int intern(int flags) {
        if (memberCount == 0) {
            return DEAD;
        }
        int[] instructions = Arrays.copyOf(members, memberCount);
        Arrays.sort(instructions);
        State state = new State(instructions, program.looks() ? flags : 0);
        Integer known = ids.get(state);
        if (known != null) {
            return known;
        }
        int offset = used;
        int index = ids.size();
        if (offset + width > table.length) {
            table = Arrays.copyOf(table, Math.max(offset + width, Math.min(2 * table.length, TABLE_MAX)));
        }
        Arrays.fill(table, offset, offset + width, UNKNOWN);
        if (index == states.length) {
            states = Arrays.copyOf(states, 2 * index);
        }
        states[index] = state;
        ids.put(state, offset);
        used += width;
        return offset;
    }

    private int build(int offset, int classId) {
        if (++built % STRIDE_STATES == 0 && expired.getAsBoolean()) {
            timedOut = true;
            return DEAD;
        }
        int from = offset;
        State state = states[(offset - SPECIAL_MAX - 1) / width];
        if (used + 2 * width > TABLE_MAX) {
            forget();
            begin();
            for (int instruction : state.instructions()) {
                members[memberCount++] = instruction;
            }
            from = intern(state.flags());
        }
        int next = step(state, classId);
        table[from + classId] = next;
        return next;
    }

    private int step(State state, int classId) {
        int[] sources = state.instructions();
        if (program.looks()) {
            begin();
            for (int instruction : sources) {
                marks[instruction] = mark;
                members[memberCount++] = instruction;
            }
            for (int i = 0; i < memberCount; i++) {
                int at = members[i];
                if (program.op(at) == Program.LOOK
                        && holds(KINDS[program.first(at)], state.flags(), classId)
                        && closure(at + 1)) {
                    return MATCHED;
                }
            }
            sources = Arrays.copyOf(members, memberCount);
        }
        if (classId == Program.END_OF_LINE) {
            return start;
        }
        begin();
        for (int at : sources) {
            if (program.op(at) == Program.SET && program.takes(at, classId) && closure(at + 1)) {
                return MATCHED;
            }
        }
        if (!program.anchored() && closure(0)) {
            return MATCHED;
        }
        return intern(
                (program.isWord(classId) ? AFTER_WORD : 0) | (program.isAsciiWord(classId) ? AFTER_ASCII_WORD : 0));
    }

    private boolean holds(Node.Kind kind, int flags, int classId) {
        boolean ascii = kind.ascii();
        boolean before = (flags & (ascii ? AFTER_ASCII_WORD : AFTER_WORD)) != 0;
        boolean after = ascii ? program.isAsciiWord(classId) : program.isWord(classId);
        return switch (kind) {
            case LINE_START -> (flags & AT_START) != 0;
            case LINE_END -> classId == Program.END_OF_LINE;
            case WORD_EDGE, ASCII_WORD_EDGE -> before != after;
            case NO_WORD_EDGE -> before == after;
            case WORD_START, ASCII_WORD_START -> !before && after;
            case WORD_END, ASCII_WORD_END -> before && !after;
            case WORD_START_HALF -> !before;
            case WORD_END_HALF -> !after;
        };
    }
}
