package ai.postdev.mlx.token;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** Finds the names of special tokens in a text, the longer ones first, each everywhere. */
final class SpecialNames {
    private final String[] names;
    private final List<Integer> order;
    private final Map<Character, List<Integer>> byFirst = new HashMap<>();

    /** @param order the special tokens, those that win first */
    SpecialNames(String[] names, List<Integer> order) {
        this.names = names;
        this.order = order;
        for (int place = 0; place < order.size(); place++) {
            String name = names[order.get(place)];
            byFirst.computeIfAbsent(name.charAt(0), key -> new ArrayList<>()).add(place);
        }
    }

    /** A piece of a text: a special token, or text where the token is -1. */
    record Piece(int token, String text) {}

    List<Piece> split(String text, IntPredicate wanted) {
        TreeSet<Integer> present = new TreeSet<>();
        for (int i = 0; i < text.length(); i++) {
            for (int place : byFirst.getOrDefault(text.charAt(i), List.of())) {
                if (!present.contains(place) && text.startsWith(names[order.get(place)], i)) {
                    present.add(place);
                }
            }
        }
        List<Piece> pieces = text.isEmpty() ? List.of() : List.of(new Piece(-1, text));
        for (int place : present) {
            int token = order.get(place);
            if (wanted.test(token)) {
                pieces = cut(pieces, token);
            }
        }
        return pieces;
    }

    private List<Piece> cut(List<Piece> pieces, int token) {
        String name = names[token];
        List<Piece> result = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece.token() >= 0) {
                result.add(piece);
                continue;
            }
            int from = 0;
            for (int at = piece.text().indexOf(name); at >= 0; at = piece.text().indexOf(name, from)) {
                if (at > from) {
                    result.add(new Piece(-1, piece.text().substring(from, at)));
                }
                result.add(new Piece(token, name));
                from = at + name.length();
            }
            if (from < piece.text().length()) {
                result.add(new Piece(-1, piece.text().substring(from)));
            }
        }
        return result;
    }
}
