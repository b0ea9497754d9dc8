package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.history.HistoryEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files that a text names, as compilers, test runners and stack traces write them, with the line if it says one. */
final class CodePlaces {
    /** Beginning of a text that is looked at: what an error is about stands there. */
    private static final int TEXT_MAX = 8_192;

    /** A name of a file, and after it the line: {@code A.java:17}, {@code a.ts(12,5)}, {@code "a.py", line 3}. */
    private static final Pattern PLACE = Pattern.compile(
            "(?<![\\w@./\\\\+-])([\\w@./\\\\+-]{0,200}[\\w-]\\.[A-Za-z]{1,5})\\b(?:(?::|\\(|\", line )(\\d{1,7}))?");

    private CodePlaces() {}

    /**
     * Names and lines (0: none is said), in the order of the text, then the paths of the event; at most {@code max}.
     */
    static Map<String, Integer> in(HistoryEvent event, int max) {
        Map<String, Integer> places = new LinkedHashMap<>();
        String text = event.text();
        Matcher place = PLACE.matcher(text.substring(0, Math.min(TEXT_MAX, text.length())));
        while (places.size() < max && place.find()) {
            String name = place.group(1).replace('\\', '/');
            int line = place.group(2) == null ? 0 : Integer.parseInt(place.group(2));
            places.merge(name, line, (before, other) -> before == 0 ? other : before);
        }
        for (String path : event.paths()) {
            if (places.size() < max) {
                places.putIfAbsent(path, 0);
            }
        }
        return places;
    }
}
