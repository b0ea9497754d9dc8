package ai.postdev.dragon.lake.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LikenessTest {
    private static final String ASKED =
            "/home/ada/app/A.java:3: error: cannot find symbol\n  symbol: method parseOrder()\n  location: class Shop";

    private static Likeness.Degree degree(String asked, String event) {
        SaidLines lines = SaidLines.of(asked);
        Map<String, Double> weights = new HashMap<>(lines.parts());
        return new Likeness(lines, weights).of(event);
    }

    @Test
    void theSameElsewhereIsTheSame() {
        String other =
                "$ make\n" + ASKED.replace("/home/ada/app", "/srv/ci").replace(":3:", ":77:") + "\nmake: Error 1";
        assertTrue(degree(ASKED, other).same());
        assertEquals(1, degree(ASKED, other).score(), 1e-9);
    }

    @Test
    void anotherSymbolIsANearDuplicateAndNotTheSame() {
        Likeness.Degree near = degree(ASKED, ASKED.replace("parseOrder", "parseInvoice"));
        assertFalse(near.same());
        assertTrue(near.score() < 0.9, "score " + near.score());
        assertTrue(near.score() > degree(ASKED, "the method of the shop").score());
    }

    @Test
    void aNameThatIsEverywhereStillSaysWhatTheErrorIsAbout() {
        SaidLines lines = SaidLines.of(ASKED);
        Map<String, Double> weights = new HashMap<>(lines.parts());
        weights.put("parseorder", 0.1);
        weights.remove("parse");
        weights.remove("order");
        assertFalse(new Likeness(lines, weights)
                .of(ASKED.replace("parseOrder", "parseInvoice"))
                .same());
    }

    @Test
    void whatSaysOfNothingThatItWentWrongCountsLess() {
        double quiet = degree(ASKED, "parseOrder is a method of class Shop").score();
        double alarmed =
                degree(ASKED, "error: parseOrder is a method of class Shop").score();
        assertTrue(quiet < alarmed, quiet + " and " + alarmed);
    }

    @Test
    void namesOfCodeHaveSeveralParts() {
        assertEquals(
                Set.of("parseorder", "left-pad", "max_size", "httpclient"),
                CodeNames.in("parseOrder of left-pad, max_size in wt-ab/ HttpClient Order", 9));
    }
}
