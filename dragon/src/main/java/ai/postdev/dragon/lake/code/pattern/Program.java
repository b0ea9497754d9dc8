package ai.postdev.dragon.lake.code.pattern;

import ai.postdev.dragon.lake.code.InvalidPatternException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pattern as instructions over classes of code points (Thompson's construction). Code points that no set of the
 * pattern tells apart share a class. Immutable, shared by all automata of the pattern.
 */
final class Program {
    /** Instructions; a counted repetition of something large reaches it. */
    static final int INSTRUCTIONS_MAX = 50_000;
    /** Steps of the construction: nested repetitions of nothing cost steps but no instructions. */
    static final int STEPS_MAX = 1_000_000;

    /** The class of the line feed and of the end of the text. */
    static final int END_OF_LINE = 0;

    static final byte SET = 0;
    static final byte SPLIT = 1;
    static final byte JUMP = 2;
    static final byte LOOK = 3;
    static final byte MATCH = 4;

    private final List<CodePoints> sets = new ArrayList<>();
    private final Map<CodePoints, Integer> setIndexes = new HashMap<>();
    private byte[] ops = new byte[64];
    private int[] firsts = new int[64];
    private int[] seconds = new int[64];
    private int length;
    private int steps;

    private boolean looks;
    private final boolean anchored;
    private int[] classStarts = new int[0];
    private int[] classIds = new int[0];
    private BitSet[] classesOfSet = new BitSet[0];
    private int classCount;
    private BitSet wordClasses = new BitSet();
    private BitSet asciiWordClasses = new BitSet();

    private Program(boolean anchored) {
        this.anchored = anchored;
    }

    static Program of(Node node) throws InvalidPatternException {
        Program program = new Program(anchored(node));
        program.add(node);
        program.emit(MATCH, 0, 0);
        program.classify();
        return program;
    }

    /** Whether every match begins at the start of a line. */
    private static boolean anchored(Node node) {
        return switch (node) {
            case Node.Empty _ -> false;
            case Node.Set _ -> false;
            case Node.Look(Node.Kind kind) -> kind == Node.Kind.LINE_START;
            case Node.Alternate(List<Node> nodes) -> nodes.stream().allMatch(Program::anchored);
            case Node.Repeat repeat -> repeat.min() > 0 && anchored(repeat.node());
            case Node.Concat(List<Node> nodes) -> anchoredFirst(nodes);
        };
    }

    private static boolean anchoredFirst(List<Node> nodes) {
        for (Node node : nodes) {
            if (anchored(node)) {
                return true;
            }
            if (!(node instanceof Node.Empty || node instanceof Node.Look)) {
                return false;
            }
        }
        return false;
    }

    private void add(Node node) throws InvalidPatternException {
        if (++steps > STEPS_MAX) {
            throw tooLarge();
        }
        switch (node) {
            case Node.Empty _ -> {}
            case Node.Set(CodePoints set) -> emit(SET, index(set), 0);
            case Node.Look(Node.Kind kind) -> {
                looks = true;
                emit(LOOK, kind.ordinal(), 0);
            }
            case Node.Concat(List<Node> nodes) -> {
                for (Node each : nodes) {
                    add(each);
                }
            }
            case Node.Alternate(List<Node> nodes) -> addAlternatives(nodes);
            case Node.Repeat repeat -> addRepeat(repeat);
        }
    }

    private void addAlternatives(List<Node> nodes) throws InvalidPatternException {
        List<Integer> jumps = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            boolean last = i == nodes.size() - 1;
            int split = last ? -1 : emit(SPLIT, length + 1, 0);
            add(nodes.get(i));
            if (!last) {
                jumps.add(emit(JUMP, 0, 0));
                seconds[split] = length;
            }
        }
        jumps.forEach(jump -> firsts[jump] = length);
    }

    private void addRepeat(Node.Repeat repeat) throws InvalidPatternException {
        for (int i = 0; i < repeat.min(); i++) {
            add(repeat.node());
        }
        if (repeat.max() == Node.UNBOUNDED) {
            int split = emit(SPLIT, length + 1, 0);
            add(repeat.node());
            emit(JUMP, split, 0);
            seconds[split] = length;
            return;
        }
        List<Integer> splits = new ArrayList<>();
        for (int i = repeat.min(); i < repeat.max(); i++) {
            splits.add(emit(SPLIT, length + 1, 0));
            add(repeat.node());
        }
        splits.forEach(split -> seconds[split] = length);
    }

    private static InvalidPatternException tooLarge() {
        return new InvalidPatternException("the pattern is too large: its repetitions need more than "
                + INSTRUCTIONS_MAX + " instructions; use smaller counts");
    }

    private int index(CodePoints set) {
        return setIndexes.computeIfAbsent(set, s -> {
            sets.add(s);
            return sets.size() - 1;
        });
    }

    private int emit(byte op, int first, int second) throws InvalidPatternException {
        if (length == INSTRUCTIONS_MAX) {
            throw tooLarge();
        }
        if (length == ops.length) {
            ops = Arrays.copyOf(ops, 2 * length);
            firsts = Arrays.copyOf(firsts, 2 * length);
            seconds = Arrays.copyOf(seconds, 2 * length);
        }
        ops[length] = op;
        firsts[length] = first;
        seconds[length] = second;
        return length++;
    }

    /** Divides the code points into classes by a sweep over the ends of all ranges. */
    private void classify() {
        int word = index(looks ? UnicodeSets.word() : CodePoints.NONE);
        int asciiWord = index(looks ? UnicodeSets.ASCII_WORD : CodePoints.NONE);
        index(UnicodeSets.NEW_LINE);
        TreeMap<Integer, BitSet> flips = new TreeMap<>();
        flips.put(0, new BitSet());
        for (int s = 0; s < sets.size(); s++) {
            CodePoints set = sets.get(s);
            for (int r = 0; r < set.rangeCount(); r++) {
                flips.computeIfAbsent(set.first(r), _ -> new BitSet()).flip(s);
                flips.computeIfAbsent(set.last(r) + 1, _ -> new BitSet()).flip(s);
            }
        }
        classesOfSet = new BitSet[sets.size()];
        for (int s = 0; s < sets.size(); s++) {
            classesOfSet[s] = new BitSet();
        }
        Map<BitSet, Integer> ids = new HashMap<>();
        BitSet lineFeed = new BitSet();
        lineFeed.set(setIndexes.get(UnicodeSets.NEW_LINE));
        ids.put(lineFeed, END_OF_LINE);
        classStarts = new int[flips.size()];
        classIds = new int[flips.size()];
        BitSet members = new BitSet();
        int at = 0;
        for (Map.Entry<Integer, BitSet> flip : flips.entrySet()) {
            members.xor(flip.getValue());
            Integer known = ids.get(members);
            int id = known == null ? ids.size() : known;
            if (known == null) {
                ids.put((BitSet) members.clone(), id);
            }
            members.stream().forEach(s -> classesOfSet[s].set(id));
            classStarts[at] = flip.getKey();
            classIds[at++] = id;
        }
        classCount = ids.size();
        wordClasses = classesOfSet[word];
        asciiWordClasses = classesOfSet[asciiWord];
    }

    int length() {
        return length;
    }

    byte op(int at) {
        return ops[at];
    }

    int first(int at) {
        return firsts[at];
    }

    int second(int at) {
        return seconds[at];
    }

    /** Whether the set of the instruction has the class. */
    boolean takes(int at, int classId) {
        return classesOfSet[firsts[at]].get(classId);
    }

    boolean looks() {
        return looks;
    }

    boolean anchored() {
        return anchored;
    }

    int classCount() {
        return classCount;
    }

    boolean isWord(int classId) {
        return wordClasses.get(classId);
    }

    boolean isAsciiWord(int classId) {
        return asciiWordClasses.get(classId);
    }

    int classOf(int codePoint) {
        int at = Arrays.binarySearch(classStarts, codePoint);
        return classIds[at >= 0 ? at : -at - 2];
    }
}
