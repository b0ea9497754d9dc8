package ai.postdev.dragon.model.fallback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FallbackTest {
    private static final FallbackSettings SETTINGS = FallbackSettings.from(ConfigFactory.parseString("""
            postdevai.models.fallback {
              chains { default = [other], chat = [small, tiny], "two words" = [x] }
              attempts-max = 3, overload-wait = 30s
            }"""));

    private static Candidate on(String node, String model) {
        return new Candidate(model, node, node.equals("here"), 4_000, true, true, true, Optional.empty(), 0, 1_000);
    }

    private static Candidate unfit(Candidate c, String why) {
        return new Candidate(
                c.model(),
                c.node(),
                c.local(),
                c.contextTokens(),
                c.tools(),
                c.schema(),
                c.loaded(),
                Optional.of(why),
                c.waitMillis(),
                c.parameters());
    }

    private static Candidate waiting(Candidate c, long millis) {
        return new Candidate(
                c.model(),
                c.node(),
                c.local(),
                c.contextTokens(),
                c.tools(),
                c.schema(),
                c.loaded(),
                c.unfit(),
                millis,
                c.parameters());
    }

    private static Candidate able(String model, long context, boolean tools, boolean schema, long parameters) {
        return new Candidate(model, "here", true, context, tools, schema, false, Optional.empty(), 0, parameters);
    }

    private static Need need(Latitude latitude) {
        return new Need("chat", "big", 3_000, false, false, latitude, false);
    }

    private static FallbackEffect tried(String model, String node, String reason) {
        return new FallbackEffect.Try(model, node, reason);
    }

    @Test
    void theModelThatWasAskedForAnswersIfItCan() {
        Fallback fallback = new Fallback(SETTINGS, need(Latitude.ANY));
        assertEquals(
                tried("big", "here", "asked for"),
                fallback.start(List.of(on("there", "big"), on("here", "big"), on("here", "small"))));
        assertEquals("here", fallback.source().orElseThrow().node());
        assertThrows(
                IllegalStateException.class,
                () -> new Fallback(SETTINGS, need(Latitude.ANY)).failed(ErrorClass.DIED, "", List.of()));
    }

    @Test
    void beforeTheFirstTokenAnotherOneAnswersAndSaysWhy() {
        List<Candidate> all = List.of(on("here", "tiny"), on("here", "small"), on("here", "big"), on("there", "big"));
        Fallback fallback = new Fallback(SETTINGS, need(Latitude.CHAIN));
        fallback.start(all);
        assertEquals(
                tried("big", "there", "asked for; big on here: killed"),
                fallback.failed(ErrorClass.DIED, "killed", all));
        assertEquals(
                tried("small", "here", "fallback of chat; big on here: killed; big on there: full"),
                fallback.failed(ErrorClass.OVERLOADED, "full", all));
        assertEquals(
                new FallbackEffect.GiveUp(
                        ErrorClass.BROKEN, false, "big on here: killed; big on there: full; small on here: NaN"),
                fallback.failed(ErrorClass.BROKEN, "NaN", all),
                "three attempts are the most");
    }

    @Test
    void afterTheFirstTokenTheCallerIsToldOfAnyChange() {
        List<Candidate> all = List.of(on("here", "big"), on("here", "small"), on("here", "tiny"));
        Fallback fallback = new Fallback(SETTINGS, need(Latitude.CHAIN));
        fallback.start(all);
        fallback.begun();
        assertEquals(
                new FallbackEffect.GiveUp(ErrorClass.DIED, true, "big on here: killed"),
                fallback.failed(ErrorClass.DIED, "killed", all));
        Fallback restartable =
                new Fallback(SETTINGS, new Need("chat", "big", 3_000, false, false, Latitude.CHAIN, true));
        restartable.start(all);
        restartable.begun();
        assertEquals(
                new FallbackEffect.Restart(
                        "big",
                        "killed",
                        new FallbackEffect.Try("small", "here", "fallback of chat; big on here: killed")),
                restartable.failed(ErrorClass.DIED, "killed", all));
        assertEquals(
                "tiny",
                assertInstanceOf(FallbackEffect.Try.class, restartable.failed(ErrorClass.DIED, "killed", all))
                        .model(),
                "of the new answer it has got nothing yet");
    }

    @Test
    void noModelHelpsAgainstAWrongRequest() {
        List<Candidate> all = List.of(on("here", "big"), on("here", "small"));
        Fallback fallback = new Fallback(SETTINGS, need(Latitude.CHAIN));
        fallback.start(all);
        assertInstanceOf(
                FallbackEffect.GiveUp.class, fallback.failed(ErrorClass.BAD_REQUEST, "temperature is -1", all));
    }

    @Test
    void onlyAsFarFromTheModelAsTheCallerAllows() {
        List<Candidate> all = List.of(on("here", "foreign"), on("here", "tiny"));
        assertEquals(
                new FallbackEffect.GiveUp(ErrorClass.NOT_AVAILABLE, false, "big: it is not installed"),
                new Fallback(SETTINGS, need(Latitude.EXACT)).start(all));
        assertEquals(
                tried("tiny", "here", "fallback of chat; big: it is not installed"),
                new Fallback(SETTINGS, need(Latitude.CHAIN)).start(all));
        assertEquals(
                new FallbackEffect.GiveUp(ErrorClass.NOT_AVAILABLE, false, "big: it is not installed"),
                new Fallback(SETTINGS, need(Latitude.CHAIN)).start(all.subList(0, 1)));
        assertEquals(
                tried("foreign", "here", "alternative that can do what is needed; big: it is not installed"),
                new Fallback(SETTINGS, need(Latitude.ANY)).start(all.subList(0, 1)));
        assertEquals(
                tried("other", "here", "fallback of ask; big: it is not installed"),
                new Fallback(SETTINGS, new Need("ask", "big", 1, false, false, Latitude.CHAIN, false))
                        .start(List.of(on("here", "other"))));
    }

    @Test
    void whoCannotDoWhatIsNeededIsPassedOverWithTheReason() {
        Need need = new Need("chat", "big", 3_000, true, true, Latitude.ANY, false);
        FallbackEffect.Try chosen = assertInstanceOf(
                FallbackEffect.Try.class,
                new Fallback(SETTINGS, need)
                        .start(List.of(
                                unfit(on("here", "big"), "its circuit breaker is open"),
                                able("small", 2_999, true, true, 9),
                                able("tiny", 3_000, false, true, 9),
                                able("a", 3_000, true, false, 9),
                                able("b", 3_000, true, true, 1),
                                able("c", 3_000, true, true, 2))));
        assertEquals("c", chosen.model(), "the larger of two that can");
        for (String part : List.of(
                "big on here: its circuit breaker is open",
                "small on here: takes 2999 tokens, and 3000 are needed",
                "tiny on here: cannot call tools",
                "a on here: cannot follow a JSON schema")) {
            assertTrue(chosen.reason().contains(part), chosen.reason());
        }
    }

    @Test
    void whoMakesOneWaitForLongIsPassedOverIfAnotherDoesNot() {
        List<Candidate> all = List.of(waiting(on("here", "big"), 31_000), waiting(on("here", "small"), 30_000));
        assertEquals(
                tried("small", "here", "fallback of chat; big on here: one would wait 31000 ms"),
                new Fallback(SETTINGS, need(Latitude.CHAIN)).start(all));
        assertEquals(tried("big", "here", "asked for"), new Fallback(SETTINGS, need(Latitude.EXACT)).start(all));
    }

    /** Any candidates and any failures: no place twice, nothing that is not allowed or able, nothing silent after a token. */
    @Test
    void anyCourseKeepsItsPromises() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("fallback: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        List<String> models = List.of("big", "small", "tiny", "foreign");
        for (int round = 0; round < 3_000; round++) {
            Need need = new Need(
                    random.nextBoolean() ? "chat" : "ask",
                    models.get(random.nextInt(4)),
                    random.nextInt(5_000),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    Latitude.values()[random.nextInt(3)],
                    random.nextBoolean());
            List<Candidate> candidates = new ArrayList<>();
            for (String model : models) {
                for (String node : List.of("here", "there")) {
                    if (random.nextInt(3) > 0) {
                        candidates.add(new Candidate(
                                model,
                                node,
                                node.equals("here"),
                                random.nextInt(8_000),
                                random.nextInt(4) > 0,
                                random.nextInt(4) > 0,
                                random.nextBoolean(),
                                random.nextInt(6) == 0 ? Optional.of("broken") : Optional.empty(),
                                random.nextInt(60_000),
                                random.nextInt(10)));
                    }
                }
            }
            Fallback fallback = new Fallback(SETTINGS, need);
            Set<String> tried = new HashSet<>();
            boolean begun = false;
            FallbackEffect effect = fallback.start(candidates);
            while (!(effect instanceof FallbackEffect.GiveUp)) {
                assertTrue(!begun || effect instanceof FallbackEffect.Restart, "silently after the first token");
                FallbackEffect.Try next =
                        effect instanceof FallbackEffect.Restart restart ? restart.next() : (FallbackEffect.Try) effect;
                begun = false;
                assertTrue(tried.add(next.model() + "@" + next.node()), "tried twice");
                assertTrue(tried.size() <= 3);
                Candidate chosen = candidates.stream()
                        .filter(c -> c.model().equals(next.model()) && c.node().equals(next.node()))
                        .findFirst()
                        .orElseThrow();
                assertTrue(chosen.contextTokens() >= need.contextTokens()
                        && chosen.unfit().isEmpty()
                        && (chosen.tools() || !need.tools())
                        && (chosen.schema() || !need.schema()));
                assertTrue(next.model().equals(need.model()) || need.latitude() != Latitude.EXACT);
                assertTrue(!next.model().equals("foreign")
                        || need.model().equals("foreign")
                        || need.latitude() == Latitude.ANY);
                assertTrue(next.model().equals(need.model()) || !next.reason().equals("asked for"));
                if (random.nextBoolean()) {
                    fallback.begun();
                    begun = true;
                }
                ErrorClass error = ErrorClass.values()[random.nextInt(ErrorClass.values().length)];
                effect = fallback.failed(error, "why", candidates);
                assertTrue(effect instanceof FallbackEffect.GiveUp || error.anotherMayHelp(), "tried again in vain");
            }
            assertEquals(begun, ((FallbackEffect.GiveUp) effect).begun());
            assertTrue(!((FallbackEffect.GiveUp) effect).message().isEmpty());
        }
    }
}
