package ai.postdev.app.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers, times and foreign text as people read them. */
final class Words {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    private Words() {}

    /**
     * Text that was stored, made harmless for a terminal: tabs become spaces, other control characters and marks that
     * turn the direction of writing become a visible sign. A file must not be able to colour, move or hide what is shown.
     */
    static String harmless(String text) {
        StringBuilder clean = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String instead = null;
            if (c == '\t') {
                instead = "    ";
            } else if (c < 0x20 || c >= 0x7f && c < 0xa0 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069) {
                instead = "\ufffd";
            }
            if (instead != null && clean == null) {
                clean = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (clean != null) {
                clean.append(instead == null ? String.valueOf(c) : instead);
            }
        }
        return clean == null ? text : clean.toString();
    }

    /** The first {@code width} characters, with a sign if something was cut. */
    static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
    }

    /** Lines of at most {@code width} characters, broken at spaces; the ones after the first are indented as it is. */
    static List<String> wrap(String text, int width) {
        String indent = " ".repeat(text.length() - text.stripLeading().length());
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width) {
            int at = rest.lastIndexOf(' ', width);
            int end = at > indent.length() ? at : Math.max(width, indent.length() + 1);
            lines.add(rest.substring(0, end));
            rest = indent + rest.substring(end).stripLeading();
        }
        lines.add(rest);
        return lines;
    }

    /** Bytes with a unit, to three digits at most. */
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return (unit == 0 || value >= 100 ? Long.toString(Math.round(value)) : tenths(value)) + " " + UNITS[unit];
    }

    /** One digit after the point. */
    static String tenths(double value) {
        long tenths = Math.round(value * 10);
        return tenths / 10 + "." + Math.abs(tenths % 10);
    }

    /** A duration in its two greatest units. */
    static String duration(long millis) {
        long seconds = millis / 1000;
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
        }
        return seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
    }

    /** A number with a mark between thousands. */
    static String number(long number) {
        String digits = Long.toString(number);
        StringBuilder marked = new StringBuilder();
        for (int i = 0; i < digits.length(); i++) {
            int left = digits.length() - i;
            if (i > 0 && left % 3 == 0 && digits.charAt(i - 1) != '-') {
                marked.append(',');
            }
            marked.append(digits.charAt(i));
        }
        return marked.toString();
    }

    /** An ISO 8601 time in the reader's zone, to the minute. */
    static String time(String iso, ZoneId zone) {
        try {
            return MINUTE.format(Instant.parse(iso).atZone(zone));
        } catch (DateTimeParseException _) {
            return iso;
        }
    }

    /** The first characters of a commit or an id, enough to tell them apart. */
    static String brief(String id) {
        return id.length() > 10 ? id.substring(0, 10) : id;
    }

    /** A project by its name, or by its id where no name is known. */
    static String project(String name, String id) {
        return name.isEmpty() ? brief(id) : harmless(name);
    }

    /** A number of things. */
    static String count(int count, String thing) {
        return number(count) + " " + thing + (count == 1 ? "" : "s");
    }

    static String padded(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }

    static String paddedLeft(String text, int width) {
        return text.length() >= width ? text : " ".repeat(width - text.length()) + text;
    }
}
