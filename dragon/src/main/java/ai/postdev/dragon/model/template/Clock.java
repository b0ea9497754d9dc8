package ai.postdev.dragon.model.template;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Dates as {@code strftime} writes them, in English. */
final class Clock {
    private Clock() {}

    static String written(LocalDateTime now, String format) throws TemplateException {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            boolean bare = format.charAt(i + 1) == '-' && i + 2 < format.length();
            i += bare ? 2 : 1;
            String pattern = switch (format.charAt(i)) {
                case 'Y' -> "yyyy";
                case 'y' -> "yy";
                case 'm' -> bare ? "M" : "MM";
                case 'd' -> bare ? "d" : "dd";
                case 'B' -> "MMMM";
                case 'b' -> "MMM";
                case 'A' -> "EEEE";
                case 'a' -> "EEE";
                case 'H' -> bare ? "H" : "HH";
                case 'I' -> bare ? "h" : "hh";
                case 'M' -> bare ? "m" : "mm";
                case 'S' -> bare ? "s" : "ss";
                case 'p' -> "a";
                case 'j' -> bare ? "D" : "DDD";
                case 'F' -> "yyyy-MM-dd";
                case 'T' -> "HH:mm:ss";
                case '%' -> "'%'";
                default -> throw new TemplateException("the date format '%" + format.charAt(i) + "' is not known");
            };
            out.append(DateTimeFormatter.ofPattern(pattern, Locale.US).format(now));
        }
        return out.toString();
    }
}
