package ai.postdev.dragon.model.constrain;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads an answer byte by byte and knows which bytes may follow. It is the pushdown automaton of a grammar, with all its stacks
 * at once; a state is immutable and can be kept, so that an answer can be tried from anywhere. Whatever may follow can be
 * followed to an end. Any thread.
 */
public final class Automaton {
    private static final int BYTES = 256;

    /** What is still to be read: a step, how far it is, and what comes after it. */
    private static final class Frame {
        final Step step;
        final int done;
        final Frame after;
        final int hash;

        Frame(Step step, int done, Frame after) {
            this.step = step;
            this.done = done;
            this.after = after;
            hash = 31 * (31 * System.identityHashCode(step) + done) + (after == null ? 7 : after.hash);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            Frame one = this;
            Object two = other;
            while (one != two) {
                if (!(two instanceof Frame that)
                        || one == null
                        || one.hash != that.hash
                        || one.step != that.step
                        || one.done != that.done) {
                    return false;
                }
                one = one.after;
                two = that.after;
            }
            return true;
        }
    }

    /** What was read so far, as far as it matters. */
    public static final class State {
        private final Set<Frame> frames;
        private final boolean complete;
        private final int hash;

        private State(Set<Frame> frames, boolean complete) {
            this.frames = frames;
            this.complete = complete;
            hash = 2 * frames.hashCode() + (complete ? 1 : 0);
        }

        /** Whether what was read is a whole answer. */
        public boolean isComplete() {
            return complete;
        }

        /** Whether nothing may follow. */
        public boolean isEnd() {
            return frames.isEmpty();
        }

        /** Whether what was read is no answer, nor the beginning of one. */
        public boolean isDead() {
            return frames.isEmpty() && !complete;
        }

        /** The bytes that may follow. */
        public BitSet bytes() {
            BitSet bytes = new BitSet(BYTES);
            for (Frame frame : frames) {
                Step.Byte one = (Step.Byte) frame.step;
                bytes.set(one.first, one.last + 1);
            }
            return bytes;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof State state
                    && hash == state.hash
                    && complete == state.complete
                    && frames.equals(state.frames);
        }
    }

    private final State start;

    /** The automaton of a grammar. */
    public Automaton(Grammar grammar) {
        Set<Frame> frames = new HashSet<>();
        boolean complete = expand(new Frame(Step.of(grammar), 0, null), frames, new HashSet<>());
        start = new State(frames, complete);
    }

    /** Nothing was read. */
    public State start() {
        return start;
    }

    /** After one more byte, from 0 to 255. */
    public State next(State state, int read) {
        Set<Frame> frames = new HashSet<>();
        Set<Frame> seen = new HashSet<>();
        boolean complete = false;
        for (Frame frame : state.frames) {
            Step.Byte one = (Step.Byte) frame.step;
            if (one.first <= read && read <= one.last) {
                complete |= expand(frame.after, frames, seen);
            }
        }
        return new State(frames, complete);
    }

    /** After some more bytes. */
    public State next(State state, byte[] read) {
        State at = state;
        for (byte one : read) {
            if (at.isEnd()) {
                return new State(Set.of(), false);
            }
            at = next(at, one & 0xFF);
        }
        return at;
    }

    /** Goes on from the frame until bytes are to be read; answers whether the end was reached. */
    private static boolean expand(Frame from, Set<Frame> bytes, Set<Frame> seen) {
        if (from == null) {
            return true;
        }
        boolean complete = false;
        Deque<Frame> open = new ArrayDeque<>();
        open.push(from);
        while (!open.isEmpty()) {
            Frame frame = open.pop();
            if (!seen.add(frame)) {
                continue;
            }
            switch (frame.step) {
                case Step.Byte _ -> bytes.add(frame);
                case Step.Chain chain -> complete |= chain(chain, frame, open);
                case Step.Choice choice -> choice.steps.forEach(step -> open.push(new Frame(step, 0, frame.after)));
                case Step.Loop loop -> complete |= loop(loop, frame, open);
                case Step.Call call -> open.push(new Frame(call.rule, 0, frame.after));
            }
        }
        return complete;
    }

    private static boolean chain(Step.Chain chain, Frame frame, Deque<Frame> open) {
        int next = frame.done + 1;
        if (frame.done == chain.steps.size()) {
            return after(frame, open);
        }
        // After its last step a chain is over, so that what repeats itself at its end does not grow.
        Frame rest = next == chain.steps.size() ? frame.after : new Frame(chain, next, frame.after);
        open.push(new Frame(chain.steps.get(frame.done), 0, rest));
        return false;
    }

    private static boolean loop(Step.Loop loop, Frame frame, Deque<Frame> open) {
        boolean complete = frame.done >= loop.min && after(frame, open);
        if (loop.max == Grammar.UNBOUNDED) {
            // Beyond the least it makes no difference how often it was.
            open.push(new Frame(loop.step, 0, new Frame(loop, Math.min(frame.done + 1, loop.min), frame.after)));
        } else if (frame.done < loop.max) {
            open.push(new Frame(loop.step, 0, new Frame(loop, frame.done + 1, frame.after)));
        }
        return complete;
    }

    private static boolean after(Frame frame, Deque<Frame> open) {
        if (frame.after == null) {
            return true;
        }
        open.push(frame.after);
        return false;
    }
}
