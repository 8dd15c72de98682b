// picoclaude: the Claude Messages API for programs that count bytes and frames. Everything, in reading order.
#pragma once
#include "picoclaude/config.hpp"
// words used everywhere
#include "picoclaude/base/clear.hpp"
#include "picoclaude/base/error.hpp"
#include "picoclaude/base/error_name.hpp"
#include "picoclaude/base/off.hpp"
#include "picoclaude/base/scan.hpp"
#include "picoclaude/base/small_text.hpp"
#include "picoclaude/base/text.hpp"
#include "picoclaude/base/view.hpp"
#include "picoclaude/base/window.hpp"
#include "picoclaude/base/wipe.hpp"
#include "picoclaude/base/words.hpp"
// one grammar a file
#include "picoclaude/wire/base64.hpp"
#include "picoclaude/wire/date.hpp"
#include "picoclaude/wire/http_body.hpp"
#include "picoclaude/wire/http_chunk.hpp"
#include "picoclaude/wire/http_head.hpp"
#include "picoclaude/wire/http_request.hpp"
#include "picoclaude/wire/json_reader.hpp"
#include "picoclaude/wire/json_walk.hpp"
#include "picoclaude/wire/json_lines.hpp"
#include "picoclaude/wire/json_writer.hpp"
#include "picoclaude/wire/multipart.hpp"
#include "picoclaude/wire/percent.hpp"
#include "picoclaude/wire/sse.hpp"
#include "picoclaude/wire/url.hpp"
// the Messages schema
#include "picoclaude/messages/block.hpp"
#include "picoclaude/messages/cache.hpp"
#include "picoclaude/messages/media.hpp"
#include "picoclaude/messages/image.hpp"
#include "picoclaude/messages/document.hpp"
#include "picoclaude/messages/thinking.hpp"
#include "picoclaude/messages/content.hpp"
#include "picoclaude/messages/output.hpp"
#include "picoclaude/messages/members.hpp"
#include "picoclaude/messages/server_tool.hpp"
#include "picoclaude/messages/connector.hpp"
#include "picoclaude/messages/context_management.hpp"
#include "picoclaude/messages/error_reader.hpp"
#include "picoclaude/messages/event.hpp"
#include "picoclaude/messages/event_order.hpp"
#include "picoclaude/messages/block_route.hpp"
#include "picoclaude/messages/hold.hpp"
#include "picoclaude/messages/block_reader.hpp"
#include "picoclaude/messages/event_draft.hpp"
#include "picoclaude/messages/event_members.hpp"
#include "picoclaude/messages/event_place.hpp"
#include "picoclaude/messages/event_payload.hpp"
#include "picoclaude/messages/event_values.hpp"
#include "picoclaude/messages/event_start.hpp"
#include "picoclaude/messages/event_citation.hpp"
#include "picoclaude/messages/event_token.hpp"
#if PICOCLAUDE_WIDE
#include "picoclaude/messages/whole_delta.hpp"
#endif
#include "picoclaude/messages/event_shortcut.hpp"
#if PICOCLAUDE_ENABLE_PREFIX
#include "picoclaude/messages/event_prefix.hpp"
#endif
#include "picoclaude/messages/event_reader.hpp"
#include "picoclaude/messages/cache_report.hpp"
#include "picoclaude/messages/citation.hpp"
#include "picoclaude/messages/message.hpp"
#include "picoclaude/messages/model.hpp"
#include "picoclaude/messages/request.hpp"
#include "picoclaude/messages/tool.hpp"
#include "picoclaude/messages/input_check.hpp"
#include "picoclaude/messages/input_reader.hpp"
#include "picoclaude/messages/schema.hpp"
#include "picoclaude/messages/schema_builder.hpp"
#include "picoclaude/messages/parameter.hpp"
#include "picoclaude/messages/structure.hpp"
#include "picoclaude/messages/tool_reply.hpp"
#include "picoclaude/messages/typed_tool.hpp"
#include "picoclaude/messages/output_reader.hpp"
#if !PICOCLAUDE_ENABLE_TOOLS
#include "picoclaude/messages/tool_off.hpp"
#endif
#include "picoclaude/messages/cache_miss.hpp"
#include "picoclaude/messages/service_block.hpp"
#include "picoclaude/messages/container.hpp"
#include "picoclaude/messages/rule.hpp"
#include "picoclaude/messages/check_block.hpp"
#include "picoclaude/messages/check_messages.hpp"
#include "picoclaude/messages/check_tools.hpp"
#include "picoclaude/messages/check.hpp"
#include "picoclaude/messages/words.hpp"
// the endpoints besides Messages
#include "picoclaude/endpoints/endpoint.hpp"
#include "picoclaude/endpoints/member_reader.hpp"
#include "picoclaude/endpoints/resource.hpp"
#include "picoclaude/endpoints/page.hpp"
#include "picoclaude/endpoints/item_call.hpp"
#if PICOCLAUDE_ENABLE_COUNT_TOKENS
#include "picoclaude/endpoints/count_tokens.hpp"
#endif
#if PICOCLAUDE_ENABLE_MODELS
#include "picoclaude/endpoints/model.hpp"
#include "picoclaude/endpoints/models.hpp"
#endif
#if PICOCLAUDE_ENABLE_BATCHES
#include "picoclaude/endpoints/batch.hpp"
#include "picoclaude/endpoints/create_batch.hpp"
#include "picoclaude/endpoints/await_batch.hpp"
#include "picoclaude/endpoints/batch_results.hpp"
#endif
#if PICOCLAUDE_ENABLE_FILES
#include "picoclaude/endpoints/file.hpp"
#include "picoclaude/endpoints/upload_file.hpp"
#include "picoclaude/endpoints/download_file.hpp"
#endif
#if PICOCLAUDE_ENABLE_RAW
#include "picoclaude/endpoints/raw_call.hpp"
#endif
#include "picoclaude/endpoints/off.hpp"
// one exchange, without I/O
#include "picoclaude/session/answer.hpp"
#include "picoclaude/session/budget.hpp"
#include "picoclaude/session/call.hpp"
#include "picoclaude/session/exchange.hpp"
#include "picoclaude/session/rate_limit.hpp"
#include "picoclaude/session/retry.hpp"
#include "picoclaude/session/retry_date.hpp"
#include "picoclaude/session/settings.hpp"
#include "picoclaude/session/tool_call.hpp"
#include "picoclaude/session/tool_loop.hpp"
#include "picoclaude/session/transcript.hpp"
#if !PICOCLAUDE_ENABLE_TRANSCRIPT
#include "picoclaude/session/transcript_off.hpp"
#endif
#include "picoclaude/session/turn_writer.hpp"
// the world
#include "picoclaude/io/any_transport.hpp"
#include "picoclaude/io/client_core.hpp"
#include "picoclaude/io/client.hpp"
#include "picoclaude/io/converse.hpp"
#include "picoclaude/io/run_tools.hpp"
#if !PICOCLAUDE_ENABLE_TOOLS || !PICOCLAUDE_ENABLE_TRANSCRIPT
#include "picoclaude/io/run_tools_off.hpp"
#endif
#include "picoclaude/io/crowd.hpp"
#include "picoclaude/io/calls.hpp"
#if PICOCLAUDE_ENABLE_HTTP_TRANSPORT
#include "picoclaude/io/http_bytes.hpp"
#include "picoclaude/io/http_transport.hpp"
#endif
#include "picoclaude/io/metered.hpp"
#include "picoclaude/io/transport.hpp"
#include "picoclaude/io/roots.hpp"
#if PICOCLAUDE_ENABLE_MBEDTLS
#include "picoclaude/io/mbedtls.hpp"
#else
#include "picoclaude/io/mbedtls_off.hpp"
#endif
