package ai.postdev.dragon.model.constrain;

import ai.postdev.dragon.model.constrain.Grammar.Part;
import ai.postdev.dragon.model.constrain.Grammar.Range;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A piece of a grammar as an automaton works on it: bytes, not characters. Two are the same only if they are one. */
abstract sealed class Step {
    /** One byte between them. */
    static final class Byte extends Step {
        final int first;
        final int last;

        Byte(int first, int last) {
            this.first = first;
            this.last = last;
        }
    }

    /** One after the other. */
    static final class Chain extends Step {
        final List<Step> steps;

        Chain(List<Step> steps) {
            this.steps = List.copyOf(steps);
        }
    }

    /** One of them. */
    static final class Choice extends Step {
        final List<Step> steps;

        Choice(List<Step> steps) {
            this.steps = List.copyOf(steps);
        }
    }

    /** So and so often. */
    static final class Loop extends Step {
        final Step step;
        final int min;
        final int max;

        Loop(Step step, int min, int max) {
            this.step = step;
            this.min = min;
            this.max = max;
        }
    }

    /** A rule; what it is follows when all rules are there. */
    static final class Call extends Step {
        Step rule;
    }

    /** The root of a grammar. */
    static Step of(Grammar grammar) {
        Map<String, Call> calls = new HashMap<>();
        grammar.rules().keySet().forEach(name -> calls.put(name, new Call()));
        grammar.rules().forEach((name, part) -> calls.get(name).rule = of(part, calls));
        return calls.get(Grammar.ROOT);
    }

    private static Step of(Part part, Map<String, Call> calls) {
        return switch (part) {
            case Part.Text text -> bytes(text.text());
            case Part.Chars chars -> chars(chars.ranges());
            case Part.Seq seq ->
                new Chain(seq.parts().stream().map(one -> of(one, calls)).toList());
            case Part.Alt alt ->
                new Choice(alt.parts().stream().map(one -> of(one, calls)).toList());
            case Part.Repeat repeat -> new Loop(of(repeat.part(), calls), repeat.min(), repeat.max());
            case Part.Use use -> calls.get(use.rule());
        };
    }

    private static Step bytes(String text) {
        List<Step> steps = new ArrayList<>();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            steps.add(new Byte(one & 0xFF, one & 0xFF));
        }
        return new Chain(steps);
    }

    private static Step chars(List<Range> ranges) {
        List<Step> choices = new ArrayList<>();
        for (Range range : ranges) {
            for (int[] pairs : Utf8.sequences(range)) {
                List<Step> steps = new ArrayList<>();
                for (int i = 0; i < pairs.length; i += 2) {
                    steps.add(new Byte(pairs[i], pairs[i + 1]));
                }
                choices.add(steps.size() == 1 ? steps.getFirst() : new Chain(steps));
            }
        }
        return new Choice(choices);
    }
}
