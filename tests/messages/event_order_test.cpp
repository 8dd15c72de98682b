#include "picoclaude/messages/event_order.hpp"
#include "picoclaude/messages/block_route.hpp"

#include <doctest/doctest.h>

using namespace picoclaude;

namespace {

using Order = BasicEventOrder<2>;

Order started() {
  Order order;
  order.message_start();
  return order;
}

}  // namespace

TEST_SUITE_BEGIN("messages");

TEST_CASE("event order: the shortest answer") {
  Order order;
  CHECK(order.message_start() == Error::none);
  CHECK(order.message_delta() == Error::none);
  CHECK(order.message_stop(true) == Error::none);
  CHECK(order.phase() == Order::Phase::stopped);
}

TEST_CASE("event order: nothing comes before message_start or behind message_stop, and neither comes twice") {
  Order before;
  CHECK(before.block_start(0, BlockKind::text) == Error::bad_event_order);
  CHECK(before.block_delta(0) == Error::bad_event_order);
  CHECK(before.block_stop(0) == Error::bad_event_order);
  CHECK(before.message_delta() == Error::bad_event_order);
  CHECK(before.message_stop(true) == Error::bad_event_order);
  Order after = started();
  CHECK(after.message_start() == Error::bad_event_order);
  after.message_delta();
  after.message_stop(true);
  CHECK(after.message_start() == Error::bad_event_order);
  CHECK(after.block_start(0, BlockKind::text) == Error::bad_event_order);
  CHECK(after.block_delta(0) == Error::bad_event_order);
  CHECK(after.block_stop(0) == Error::bad_event_order);
  CHECK(after.message_delta() == Error::bad_event_order);
  CHECK(after.message_stop(true) == Error::bad_event_order);
}

TEST_CASE("event order: a stop needs a message_delta and a stop reason") {
  Order order = started();
  CHECK(order.message_stop(true) == Error::bad_event_order);
  order.message_delta();
  CHECK(order.message_stop(false) == Error::bad_event_order);
  CHECK(order.message_stop(true) == Error::none);
}

TEST_CASE("event order: blocks start in the order 0, 1, 2") {
  Order order = started();
  CHECK(order.block_start(1, BlockKind::text) == Error::bad_event_order);
  CHECK(order.block_start(0, BlockKind::text) == Error::none);
  CHECK(order.block_start(0, BlockKind::text) == Error::bad_event_order);
  CHECK(order.block_start(2, BlockKind::text) == Error::bad_event_order);
  CHECK(order.block_stop(0) == Error::none);
  CHECK(order.block_start(0, BlockKind::text) == Error::bad_event_order);
  CHECK(order.block_start(1, BlockKind::thinking) == Error::none);
  CHECK(order.block_count() == 2);
}

TEST_CASE("event order: blocks may overlap and stop in any order, and each keeps its kind") {
  Order order = started();
  order.block_start(0, BlockKind::text);
  order.block_start(1, BlockKind::tool_use);
  CHECK(order.open_count() == 2);
  CHECK(order.find(0)->kind == BlockKind::text);
  CHECK(order.find(1)->kind == BlockKind::tool_use);
  CHECK(order.block_delta(1) == Error::none);
  CHECK(order.block_delta(0) == Error::none);
  CHECK(order.block_stop(0) == Error::none);
  CHECK(order.find(0) == nullptr);
  CHECK(order.only().index == 1);
  CHECK(order.only().kind == BlockKind::tool_use);
  CHECK(order.block_delta(0) == Error::bad_event_order);
  CHECK(order.block_stop(0) == Error::bad_event_order);
  CHECK(order.block_stop(1) == Error::none);
  CHECK(order.open_count() == 0);
}

TEST_CASE("event order: one block more than may be open is too_many_blocks") {
  Order order = started();
  CHECK(order.block_start(0, BlockKind::text) == Error::none);
  CHECK(order.block_start(1, BlockKind::text) == Error::none);
  CHECK(order.block_start(2, BlockKind::text) == Error::too_many_blocks);
  order.block_stop(0);
  CHECK(order.block_start(2, BlockKind::text) == Error::none);
}

TEST_CASE("event order: an answer has at most 65,535 blocks") {
  Order order = started();
  for (unsigned index = 0; index < 0xFFFF; ++index) {
    REQUIRE(order.block_start(static_cast<std::uint16_t>(index), BlockKind::text) == Error::none);
    REQUIRE(order.block_stop(static_cast<std::uint16_t>(index)) == Error::none);
  }
  CHECK(order.block_start(0xFFFF, BlockKind::text) == Error::too_many_blocks);
}

TEST_CASE("event order: message_delta closes what is open, and may come again") {
  Order order = started();
  order.block_start(0, BlockKind::text);
  CHECK(order.message_delta() == Error::none);
  CHECK(order.open_count() == 0);
  CHECK(order.block_delta(0) == Error::bad_event_order);
  CHECK(order.block_stop(0) == Error::bad_event_order);
  CHECK(order.block_start(1, BlockKind::text) == Error::bad_event_order);
  CHECK(order.message_delta() == Error::none);
  CHECK(order.message_stop(true) == Error::none);
}

TEST_CASE("event order: without parts of the API only text is shown") {
  CHECK(detail::is_shown(BlockKind::text));
  for (const BlockKind kind : {BlockKind::other, BlockKind::thinking, BlockKind::redacted_thinking, BlockKind::tool_use,
           BlockKind::server_tool_use}) {
    CHECK_FALSE(detail::is_shown(kind));
  }
}

TEST_SUITE_END();
