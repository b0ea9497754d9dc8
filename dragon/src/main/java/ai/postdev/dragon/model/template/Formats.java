package ai.postdev.dragon.model.template;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts with gaps: {@code "%s and %d" % (a, b)} and {@code "{} and {}".format(a, b)}. */
final class Formats {
    private static final Pattern GAP = Pattern.compile("%(0?\\d{0,2})(\\.\\d)?([sdifr%])");
    private static final Pattern BRACES = Pattern.compile("\\{\\{|\\}\\}|\\{(\\w*)\\}");

    private Formats() {}

    static String percent(String format, Object given, Budget budget) throws TemplateException {
        List<?> values = given instanceof List<?> list ? list : Collections.singletonList(given);
        Matcher gaps = GAP.matcher(format);
        StringBuilder out = new StringBuilder();
        int used = 0;
        int from = 0;
        while (gaps.find()) {
            out.append(format, from, gaps.start());
            from = gaps.end();
            if (gaps.group(3).equals("%")) {
                out.append('%');
            } else if (used == values.size()) {
                throw new TemplateException("there are fewer values than gaps in '" + format + "'");
            } else {
                out.append(filled(gaps, values.get(used++), budget));
            }
            budget.characters(out.length());
        }
        if (used < values.size() && !(given instanceof Map<?, ?>)) {
            throw new TemplateException("there are more values than gaps in '" + format + "'");
        }
        return budget.text(out.append(format.substring(from)).toString());
    }

    private static String filled(Matcher gap, Object value, Budget budget) throws TemplateException {
        String width = gap.group(1);
        return switch (gap.group(3)) {
            case "d", "i" -> {
                if (!(value instanceof Long number)) {
                    throw new TemplateException("%d needs a whole number, found " + Values.kind(value));
                }
                yield String.format(Locale.ROOT, "%" + (width.equals("0") ? "" : width) + "d", number);
            }
            case "f" -> {
                if (!(value instanceof Number number)) {
                    throw new TemplateException("%f needs a number, found " + Values.kind(value));
                }
                yield String.format(
                        Locale.ROOT, "%" + (gap.group(2) == null ? "" : gap.group(2)) + "f", number.doubleValue());
            }
            default -> Values.text(value, budget);
        };
    }

    static String braces(String format, Arguments given, Budget budget) throws TemplateException {
        Matcher gaps = BRACES.matcher(format);
        StringBuilder out = new StringBuilder();
        int next = 0;
        int from = 0;
        while (gaps.find()) {
            out.append(format, from, gaps.start());
            from = gaps.end();
            String name = gaps.group(1);
            if (name == null) {
                out.append(format.charAt(gaps.start()));
            } else {
                boolean number =
                        !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 4;
                int place = name.isEmpty() ? next++ : number ? Integer.parseInt(name) : Integer.MAX_VALUE;
                out.append(Values.text(given.need(place, name), budget));
            }
            budget.characters(out.length());
        }
        return budget.text(out.append(format.substring(from)).toString());
    }
}
