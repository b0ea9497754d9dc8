package ai.postdev.dragon.model.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** What Python does with texts. */
final class Texts {
    private Texts() {}

    static String stripped(String text, Arguments given, boolean left, boolean right, Budget budget)
            throws TemplateException {
        budget.work(text.length());
        Object characters = given.get(0, "chars", null);
        int from = 0;
        int to = text.length();
        while (left && from < to && goes(text.charAt(from), characters)) {
            from++;
        }
        while (right && to > from && goes(text.charAt(to - 1), characters)) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean goes(char c, Object characters) {
        return characters instanceof String some
                ? some.indexOf(c) >= 0
                : Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    static String capitalised(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    /** As jinja2's filter: the first character after a blank, a dash or a bracket becomes large. */
    static String headed(String text) {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean between = Character.isWhitespace(c) || "-({[<".indexOf(c) >= 0;
            out.append(first ? Character.toUpperCase(c) : Character.toLowerCase(c));
            first = between;
        }
        return out.toString();
    }

    static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean within = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(within ? Character.toLowerCase(c) : Character.toUpperCase(c));
            within = Character.isLetter(c);
        }
        return out.toString();
    }

    static boolean any(Object what, Predicate<String> holds) throws TemplateException {
        for (Object one : what instanceof List<?> list ? list : Collections.singletonList(what)) {
            if (!(one instanceof String text)) {
                throw new TemplateException("a text can begin or end with a text only, found " + Values.kind(one));
            }
            if (holds.test(text)) {
                return true;
            }
        }
        return false;
    }

    static List<Object> split(String text, Arguments given, Budget budget) throws TemplateException {
        Object by = given.get(0, "sep", null);
        int most = given.number(1, "maxsplit", -1);
        budget.work(text.length());
        List<Object> parts = new ArrayList<>();
        if (!(by instanceof String mark)) {
            String rest = text.strip();
            while (!rest.isEmpty() && (most < 0 || parts.size() < most)) {
                budget.items(parts.size() + 1L);
                int end = 0;
                while (end < rest.length() && !Character.isWhitespace(rest.charAt(end))) {
                    end++;
                }
                parts.add(rest.substring(0, end));
                budget.work(rest.length());
                rest = rest.substring(end).stripLeading();
            }
            if (!rest.isEmpty()) {
                parts.add(rest);
            }
            return parts;
        }
        if (mark.isEmpty()) {
            throw new TemplateException("a text is split by nothing");
        }
        int from = 0;
        for (int at = text.indexOf(mark); at >= 0 && (most < 0 || parts.size() < most); at = text.indexOf(mark, from)) {
            parts.add(text.substring(from, at));
            from = at + mark.length();
        }
        parts.add(text.substring(from));
        return budget.list(parts);
    }

    static List<Object> splitFromEnd(String text, Arguments given, Budget budget) throws TemplateException {
        int most = given.number(1, "maxsplit", -1);
        if (most < 0) {
            return split(text, given, budget);
        }
        String mark = given.text(0, "sep");
        if (mark.isEmpty()) {
            throw new TemplateException("a text is split by nothing");
        }
        budget.work(text.length());
        List<Object> parts = new ArrayList<>();
        int to = text.length();
        int at = text.lastIndexOf(mark, to - mark.length());
        while (at >= 0 && parts.size() < most) {
            parts.addFirst(text.substring(at + mark.length(), to));
            to = at;
            at = to >= mark.length() ? text.lastIndexOf(mark, to - mark.length()) : -1;
        }
        parts.addFirst(text.substring(0, to));
        return budget.list(parts);
    }

    static String replaced(String text, String old, String fresh, int count, Budget budget) throws TemplateException {
        budget.work(text.length());
        StringBuilder out = new StringBuilder();
        int from = 0;
        int done = 0;
        if (old.isEmpty()) {
            throw new TemplateException("nothing is to be replaced by something");
        }
        for (int at = text.indexOf(old); at >= 0 && (count < 0 || done < count); at = text.indexOf(old, from)) {
            out.append(text, from, at).append(fresh);
            from = at + old.length();
            done++;
            budget.work(fresh.length());
            if (out.length() > budget.bounds().charactersMax()) {
                budget.characters(out.length());
            }
        }
        return budget.text(out.append(text.substring(from)).toString());
    }

    static long count(String text, String part, Budget budget) throws TemplateException {
        budget.work(text.length());
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    static String joined(List<?> items, String between, Budget budget) throws TemplateException {
        StringBuilder out = new StringBuilder();
        for (Iterator<?> each = items.iterator(); each.hasNext(); ) {
            out.append(Values.text(each.next(), budget));
            if (each.hasNext()) {
                out.append(between);
            }
            budget.step();
            if (out.length() > budget.bounds().charactersMax()) {
                budget.characters(out.length());
            }
        }
        return budget.text(out.toString());
    }
}
