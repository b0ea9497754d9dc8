package ai.postdev.cluster.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Origin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final Origin ADA = new Origin("ada");
    private static final Origin BOB = new Origin("bob");
    private static final Address AT_ADA = new Address("pekko", "postdevai", "10.0.0.1", 1);
    private static final Address AT_BOB = new Address("pekko", "postdevai", "10.0.0.2", 1);
    private static final Address AT_CAT = new Address("pekko", "postdevai", "10.0.0.3", 1);
    private static final Map<Origin, Address> MEMBERS = Map.of(ADA, AT_ADA, BOB, AT_BOB, new Origin("cat"), AT_CAT);
    private static final Set<Address> DRAGONS = Set.of(AT_ADA, AT_BOB);

    @Test
    void theLakeRunsWhereItsDataLies() {
        assertEquals(
                new Placement.Decision.On(AT_BOB),
                Placement.decide(List.of(BOB), MEMBERS, DRAGONS, AT_ADA, Map.of(AT_ADA, Long.MAX_VALUE)));
    }

    @Test
    void ofSeveralHoldersTheOneThatAsksIsServedByItself() {
        for (Address asking : DRAGONS) {
            assertEquals(
                    new Placement.Decision.On(asking),
                    Placement.decide(List.of(ADA, BOB), MEMBERS, DRAGONS, asking, Map.of()));
        }
        assertEquals(
                new Placement.Decision.On(AT_ADA),
                Placement.decide(List.of(BOB, ADA), MEMBERS, DRAGONS, AT_CAT, Map.of()));
    }

    @Test
    void whileTheHolderIsAwayNoEmptyLakeIsOpenedInItsPlace() {
        assertNowhere("bob", Placement.decide(List.of(BOB), Map.of(ADA, AT_ADA), DRAGONS, AT_ADA, Map.of()));
        // A member whose part of the sharding has not started yet.
        assertNowhere("bob", Placement.decide(List.of(BOB), MEMBERS, Set.of(AT_ADA), AT_ADA, Map.of()));
    }

    @Test
    void aNewProjectStaysWithTheDragonThatBringsIt() {
        assertEquals(
                new Placement.Decision.On(AT_ADA),
                Placement.decide(List.of(), MEMBERS, DRAGONS, AT_ADA, Map.of(AT_BOB, Long.MAX_VALUE)));
    }

    @Test
    void aNewProjectOfANodeThatIsNoDragonGoesWhereMostMemoryIsFree() {
        assertEquals(
                new Placement.Decision.On(AT_BOB),
                Placement.decide(List.of(), MEMBERS, DRAGONS, AT_CAT, Map.of(AT_ADA, 1L, AT_BOB, 2L)));
        assertNowhere("dragon", Placement.decide(List.of(), MEMBERS, Set.of(), AT_CAT, Map.of()));
    }

    private static void assertNowhere(String part, Placement.Decision decision) {
        String reason =
                assertInstanceOf(Placement.Decision.Nowhere.class, decision).reason();
        assertTrue(reason.contains(part), reason);
    }
}
