BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE entries (
	spreadsheet VARCHAR NOT NULL, 
	tab INTEGER NOT NULL, 
	record VARCHAR NOT NULL, 
	content TEXT NOT NULL, 
	approve VARCHAR NOT NULL, 
	retry VARCHAR NOT NULL, 
	approved VARCHAR, 
	notice TEXT, 
	present BOOLEAN NOT NULL, 
	row_number INTEGER NOT NULL, 
	render_at VARCHAR(32), 
	churn TEXT, 
	PRIMARY KEY (spreadsheet, tab, record)
);
INSERT INTO "entries" VALUES('spreadsheet-1',0,'raabk','{"format":"wide","values":[["headline","Sale in waiting – “50 %” off"],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','bound','open','ef7ad6a6331c57947a1a66315f50833bd0a2fcdf1c2905885b9210af5722d36c',NULL,1,2,NULL,NULL);
INSERT INTO "entries" VALUES('spreadsheet-1',0,'raack','{"format":"wide","values":[["headline","Sale in sending – “50 %” off"],["price","€ 9"],["accent",""],["badge","Neu! 🎉"],["link",""],["mood",""],["count",""]]}','bound','open','e1fe91ff08b9520c6d95ffe523b5cdba3863a318d30b61b5b8975e16dd28c18f',NULL,1,3,NULL,NULL);
INSERT INTO "entries" VALUES('spreadsheet-1',0,'raadk','{"format":"wide","values":[["headline","Sale in checking – “50 %” off"],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','bound','open','b15d8dd82f932452b0c90717c552f54145246de3bd468cade31eb87a2e741094',NULL,1,4,NULL,NULL);
INSERT INTO "entries" VALUES('spreadsheet-1',0,'raaek','{"format":"wide","values":[["headline","Sale in submitted – “50 %” off"],["price","€ 9"],["accent",""],["badge","Neu! 🎉"],["link",""],["mood",""],["count",""]]}','bound','open','9143fe3f300be6b3cacdc4eaef1b53f9390c39264ac6ba5d451410c113aa43c8',NULL,1,5,NULL,NULL);
INSERT INTO "entries" VALUES('spreadsheet-1',0,'raafk','{"format":"wide","values":[["headline","Sale in active – “50 %” off"],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','bound','open','60f28e9c5eef7ae16756252cfb2dee8981e5bdf4330b9f3f499f9856e3e00323',NULL,1,6,NULL,NULL);
INSERT INTO "entries" VALUES('spreadsheet-1',0,'raagk','{"format":"wide","values":[["headline","Sale in needs decision – “50 %” off"],["price","€ 9"],["accent",""],["badge","Neu! 🎉"],["link",""],["mood",""],["count",""]]}','bound','open','df9c9465cc5077b8f7d4e3fa5ef973d68e8563bdc56d044d188ac7cefeb4e6b3',NULL,1,7,NULL,NULL);
INSERT INTO "entries" VALUES('spreadsheet-1',0,'raahk','{"format":"wide","values":[["headline","Sale in completed – “50 %” off"],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','bound','open','4d7199523584300f6b69529783c08284e418e4d061fc8de492fe03442131077c',NULL,1,8,NULL,NULL);
INSERT INTO "entries" VALUES('spreadsheet-1',0,'raaik','{"format":"wide","values":[["headline","Sale in failed – “50 %” off"],["price","€ 9"],["accent",""],["badge","Neu! 🎉"],["link",""],["mood",""],["count",""]]}','bound','open','eda63abacea09e2052456b93be623255568e939fd440d1bd2d14bf8040bb3841',NULL,1,9,NULL,NULL);
INSERT INTO "entries" VALUES('spreadsheet-1',0,'raajk','{"format":"wide","values":[["headline","Sale in cancelled – “50 %” off"],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','open','open',NULL,NULL,1,10,NULL,NULL);
INSERT INTO "entries" VALUES('spreadsheet-1',0,'raazx','{"format":"wide","values":[["headline",""],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','spent','open',NULL,'["DATA-MISSING","Needs fixing","\"Headline\" is empty. Please fill it in."]',1,40,NULL,NULL);
INSERT INTO "entries" VALUES('spreadsheet-1',0,'raayx','{"format":"wide","values":[["headline","Gone"],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','open','open',NULL,NULL,0,41,NULL,NULL);
INSERT INTO "entries" VALUES('spreadsheet-1',0,'raaxx','{"format":"wide","values":[["headline","Later"],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','open','open',NULL,NULL,1,42,'2026-08-04T12:00:00.000000+00:00','[["price"],2,"2026-08-03T12:00:00+00:00"]');
CREATE TABLE events (
	id INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	job_id VARCHAR NOT NULL, 
	record VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	detail TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "events" VALUES(1,'2026-08-01T12:00:00.000000+00:00','f48f5731-19fe-5727-8bf7-f7f6785155cc','raabk','waiting',NULL);
INSERT INTO "events" VALUES(2,'2026-08-01T12:00:00.000000+00:00','b0009437-e442-527d-9746-1afc2cc8b85f','raack','waiting',NULL);
INSERT INTO "events" VALUES(3,'2026-08-01T12:00:07.000000+00:00','b0009437-e442-527d-9746-1afc2cc8b85f','raack','sending',NULL);
INSERT INTO "events" VALUES(4,'2026-08-01T12:00:07.000000+00:00','ac1319ee-7fe7-590c-9ca1-bba16fe7e757','raadk','waiting',NULL);
INSERT INTO "events" VALUES(5,'2026-08-01T12:00:14.000000+00:00','ac1319ee-7fe7-590c-9ca1-bba16fe7e757','raadk','sending',NULL);
INSERT INTO "events" VALUES(6,'2026-08-01T12:00:21.000000+00:00','ac1319ee-7fe7-590c-9ca1-bba16fe7e757','raadk','checking','{"trouble": "no answer (ReadTimeout)"}');
INSERT INTO "events" VALUES(7,'2026-08-01T12:00:21.000000+00:00','bcfc5680-0ad9-54c9-a2ee-e064885e627a','raaek','waiting',NULL);
INSERT INTO "events" VALUES(8,'2026-08-01T12:00:28.000000+00:00','bcfc5680-0ad9-54c9-a2ee-e064885e627a','raaek','sending',NULL);
INSERT INTO "events" VALUES(9,'2026-08-01T12:00:35.000000+00:00','bcfc5680-0ad9-54c9-a2ee-e064885e627a','raaek','submitted',NULL);
INSERT INTO "events" VALUES(10,'2026-08-01T12:00:35.000000+00:00','fee9379f-52ea-5309-9cfc-b4c7b6f8233e','raafk','waiting',NULL);
INSERT INTO "events" VALUES(11,'2026-08-01T12:00:42.000000+00:00','fee9379f-52ea-5309-9cfc-b4c7b6f8233e','raafk','sending',NULL);
INSERT INTO "events" VALUES(12,'2026-08-01T12:00:49.000000+00:00','fee9379f-52ea-5309-9cfc-b4c7b6f8233e','raafk','submitted',NULL);
INSERT INTO "events" VALUES(13,'2026-08-01T12:00:56.000000+00:00','fee9379f-52ea-5309-9cfc-b4c7b6f8233e','raafk','active',NULL);
INSERT INTO "events" VALUES(14,'2026-08-01T12:00:56.000000+00:00','38f23d8a-61f4-5bba-a7c2-e7ef401b8fae','raagk','waiting',NULL);
INSERT INTO "events" VALUES(15,'2026-08-01T12:01:03.000000+00:00','38f23d8a-61f4-5bba-a7c2-e7ef401b8fae','raagk','sending',NULL);
INSERT INTO "events" VALUES(16,'2026-08-01T12:01:10.000000+00:00','38f23d8a-61f4-5bba-a7c2-e7ef401b8fae','raagk','checking','{"trouble": "no answer (ReadTimeout)"}');
INSERT INTO "events" VALUES(17,'2026-08-01T12:01:17.000000+00:00','38f23d8a-61f4-5bba-a7c2-e7ef401b8fae','raagk','needs_decision','{"trouble": "no answer (ReadTimeout)"}');
INSERT INTO "events" VALUES(18,'2026-08-01T12:01:17.000000+00:00','a01711bf-16e5-562e-965c-68d495c6d711','raahk','waiting',NULL);
INSERT INTO "events" VALUES(19,'2026-08-01T12:01:24.000000+00:00','a01711bf-16e5-562e-965c-68d495c6d711','raahk','sending',NULL);
INSERT INTO "events" VALUES(20,'2026-08-01T12:01:31.000000+00:00','a01711bf-16e5-562e-965c-68d495c6d711','raahk','submitted',NULL);
INSERT INTO "events" VALUES(21,'2026-08-01T12:01:38.000000+00:00','a01711bf-16e5-562e-965c-68d495c6d711','raahk','active',NULL);
INSERT INTO "events" VALUES(22,'2026-08-01T12:01:45.000000+00:00','a01711bf-16e5-562e-965c-68d495c6d711','raahk','completed',NULL);
INSERT INTO "events" VALUES(23,'2026-08-01T12:01:45.000000+00:00','0eaff8a5-1546-56b2-9f6d-3ed86ea461aa','raaik','waiting',NULL);
INSERT INTO "events" VALUES(24,'2026-08-01T12:01:52.000000+00:00','0eaff8a5-1546-56b2-9f6d-3ed86ea461aa','raaik','sending',NULL);
INSERT INTO "events" VALUES(25,'2026-08-01T12:01:59.000000+00:00','0eaff8a5-1546-56b2-9f6d-3ed86ea461aa','raaik','submitted',NULL);
INSERT INTO "events" VALUES(26,'2026-08-01T12:02:06.000000+00:00','0eaff8a5-1546-56b2-9f6d-3ed86ea461aa','raaik','failed','{"trouble": "asset 3 not readable"}');
INSERT INTO "events" VALUES(27,'2026-08-01T12:02:06.000000+00:00','11aa52bc-f05d-5017-a559-252fe4d43b7c','raajk','waiting',NULL);
INSERT INTO "events" VALUES(28,'2026-08-01T12:02:13.000000+00:00','11aa52bc-f05d-5017-a559-252fe4d43b7c','raajk','cancelled',NULL);
CREATE TABLE gates (
	spreadsheet VARCHAR NOT NULL, 
	tab INTEGER NOT NULL, 
	box VARCHAR NOT NULL, 
	first_contact BOOLEAN NOT NULL, 
	released INTEGER NOT NULL, 
	streak INTEGER NOT NULL, 
	streak_code VARCHAR, 
	PRIMARY KEY (spreadsheet, tab)
);
INSERT INTO "gates" VALUES('spreadsheet-1',0,'spent',0,6,2,'RENDER-FAIL');
CREATE TABLE installation (
	id VARCHAR NOT NULL, 
	made_at VARCHAR(32) NOT NULL, 
	cold_since VARCHAR(32), 
	PRIMARY KEY (id)
);
INSERT INTO "installation" VALUES('6f0f3c52-6c0e-4b2e-9a55-0d8f6a3c1e11','2026-07-04T12:00:00.000000+00:00',NULL);
CREATE TABLE intents (
	job_id VARCHAR NOT NULL, 
	spreadsheet VARCHAR NOT NULL, 
	tab INTEGER NOT NULL, 
	record VARCHAR NOT NULL, 
	format VARCHAR NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	attempt INTEGER NOT NULL, 
	content TEXT NOT NULL, 
	state VARCHAR NOT NULL, 
	job_name VARCHAR NOT NULL, 
	template_hash VARCHAR NOT NULL, 
	template_version VARCHAR NOT NULL, 
	payload_hash VARCHAR NOT NULL, 
	price_shown INTEGER NOT NULL, 
	approved_at VARCHAR(32) NOT NULL, 
	updated_at VARCHAR(32) NOT NULL, 
	tries INTEGER NOT NULL, 
	losses INTEGER NOT NULL, 
	not_before VARCHAR(32), 
	quote INTEGER, 
	reserved INTEGER, 
	sent_at VARCHAR(32), 
	finished_at VARCHAR(32), 
	service_word VARCHAR, 
	percent INTEGER, 
	known_as VARCHAR, 
	url TEXT, 
	thumbnail_url TEXT, 
	trouble TEXT, 
	number INTEGER NOT NULL, 
	PRIMARY KEY (job_id), 
	FOREIGN KEY(template_hash) REFERENCES templates (hash), 
	FOREIGN KEY(payload_hash) REFERENCES payloads (hash)
);
INSERT INTO "intents" VALUES('f48f5731-19fe-5727-8bf7-f7f6785155cc','spreadsheet-1',0,'raabk','wide','ef7ad6a6331c57947a1a66315f50833bd0a2fcdf1c2905885b9210af5722d36c',0,'{"format":"wide","values":[["headline","Sale in waiting – “50 %” off"],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','waiting','big-sale-raabk','e34fc660d5690f63027cc0915dbcd4afdd3fecf2efe8381e14ed7b49d9a7fd56','3','e9da28b9fb3a32093cbe53cb4ee7932e529e9233fe607c3e7a562129043bb16b',9,'2026-08-01T12:00:00.000000+00:00','2026-08-01T12:00:00.000000+00:00',0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "intents" VALUES('b0009437-e442-527d-9746-1afc2cc8b85f','spreadsheet-1',0,'raack','wide','e1fe91ff08b9520c6d95ffe523b5cdba3863a318d30b61b5b8975e16dd28c18f',0,'{"format":"wide","values":[["headline","Sale in sending – “50 %” off"],["price","€ 9"],["accent",""],["badge","Neu! 🎉"],["link",""],["mood",""],["count",""]]}','sending','big-sale-raack','e34fc660d5690f63027cc0915dbcd4afdd3fecf2efe8381e14ed7b49d9a7fd56','3','e9da28b9fb3a32093cbe53cb4ee7932e529e9233fe607c3e7a562129043bb16b',9,'2026-08-01T12:00:00.000000+00:00','2026-08-01T12:00:07.000000+00:00',0,0,NULL,9,NULL,'2026-08-01T12:00:07.000000+00:00',NULL,NULL,NULL,NULL,NULL,NULL,NULL,2);
INSERT INTO "intents" VALUES('ac1319ee-7fe7-590c-9ca1-bba16fe7e757','spreadsheet-1',0,'raadk','wide','b15d8dd82f932452b0c90717c552f54145246de3bd468cade31eb87a2e741094',0,'{"format":"wide","values":[["headline","Sale in checking – “50 %” off"],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','checking','big-sale-raadk','e34fc660d5690f63027cc0915dbcd4afdd3fecf2efe8381e14ed7b49d9a7fd56','3','e9da28b9fb3a32093cbe53cb4ee7932e529e9233fe607c3e7a562129043bb16b',9,'2026-08-01T12:00:07.000000+00:00','2026-08-01T12:00:21.000000+00:00',0,1,NULL,9,NULL,'2026-08-01T12:00:14.000000+00:00',NULL,NULL,NULL,NULL,NULL,NULL,'["in_doubt","UNSURE","Making sure this video is not made twice.","no answer (ReadTimeout)"]',3);
INSERT INTO "intents" VALUES('bcfc5680-0ad9-54c9-a2ee-e064885e627a','spreadsheet-1',0,'raaek','wide','9143fe3f300be6b3cacdc4eaef1b53f9390c39264ac6ba5d451410c113aa43c8',0,'{"format":"wide","values":[["headline","Sale in submitted – “50 %” off"],["price","€ 9"],["accent",""],["badge","Neu! 🎉"],["link",""],["mood",""],["count",""]]}','submitted','big-sale-raaek','e34fc660d5690f63027cc0915dbcd4afdd3fecf2efe8381e14ed7b49d9a7fd56','3','e9da28b9fb3a32093cbe53cb4ee7932e529e9233fe607c3e7a562129043bb16b',9,'2026-08-01T12:00:21.000000+00:00','2026-08-01T12:00:35.000000+00:00',0,0,NULL,9,9,'2026-08-01T12:00:28.000000+00:00',NULL,'waiting',NULL,NULL,NULL,NULL,NULL,4);
INSERT INTO "intents" VALUES('fee9379f-52ea-5309-9cfc-b4c7b6f8233e','spreadsheet-1',0,'raafk','wide','60f28e9c5eef7ae16756252cfb2dee8981e5bdf4330b9f3f499f9856e3e00323',0,'{"format":"wide","values":[["headline","Sale in active – “50 %” off"],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','active','big-sale-raafk','e34fc660d5690f63027cc0915dbcd4afdd3fecf2efe8381e14ed7b49d9a7fd56','3','e9da28b9fb3a32093cbe53cb4ee7932e529e9233fe607c3e7a562129043bb16b',9,'2026-08-01T12:00:35.000000+00:00','2026-08-01T12:00:56.000000+00:00',0,0,NULL,9,9,'2026-08-01T12:00:42.000000+00:00',NULL,'active',40,NULL,NULL,NULL,NULL,5);
INSERT INTO "intents" VALUES('38f23d8a-61f4-5bba-a7c2-e7ef401b8fae','spreadsheet-1',0,'raagk','wide','df9c9465cc5077b8f7d4e3fa5ef973d68e8563bdc56d044d188ac7cefeb4e6b3',0,'{"format":"wide","values":[["headline","Sale in needs decision – “50 %” off"],["price","€ 9"],["accent",""],["badge","Neu! 🎉"],["link",""],["mood",""],["count",""]]}','needs_decision','big-sale-raagk','e34fc660d5690f63027cc0915dbcd4afdd3fecf2efe8381e14ed7b49d9a7fd56','3','e9da28b9fb3a32093cbe53cb4ee7932e529e9233fe607c3e7a562129043bb16b',9,'2026-08-01T12:00:56.000000+00:00','2026-08-01T12:01:17.000000+00:00',0,1,NULL,9,NULL,'2026-08-01T12:01:03.000000+00:00',NULL,NULL,NULL,NULL,NULL,NULL,'["in_doubt","UNSURE","Making sure this video is not made twice.","no answer (ReadTimeout)"]',6);
INSERT INTO "intents" VALUES('a01711bf-16e5-562e-965c-68d495c6d711','spreadsheet-1',0,'raahk','wide','4d7199523584300f6b69529783c08284e418e4d061fc8de492fe03442131077c',0,'{"format":"wide","values":[["headline","Sale in completed – “50 %” off"],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','completed','big-sale-raahk','e34fc660d5690f63027cc0915dbcd4afdd3fecf2efe8381e14ed7b49d9a7fd56','3','e9da28b9fb3a32093cbe53cb4ee7932e529e9233fe607c3e7a562129043bb16b',9,'2026-08-01T12:01:17.000000+00:00','2026-08-01T12:01:45.000000+00:00',0,0,NULL,9,9,'2026-08-01T12:01:24.000000+00:00','2026-08-01T12:01:45.000000+00:00','completed',100,NULL,'https://cdn.example/raahk.mp4','https://cdn.example/raahk.jpg',NULL,7);
INSERT INTO "intents" VALUES('0eaff8a5-1546-56b2-9f6d-3ed86ea461aa','spreadsheet-1',0,'raaik','wide','eda63abacea09e2052456b93be623255568e939fd440d1bd2d14bf8040bb3841',0,'{"format":"wide","values":[["headline","Sale in failed – “50 %” off"],["price","€ 9"],["accent",""],["badge","Neu! 🎉"],["link",""],["mood",""],["count",""]]}','failed','big-sale-raaik','e34fc660d5690f63027cc0915dbcd4afdd3fecf2efe8381e14ed7b49d9a7fd56','3','e9da28b9fb3a32093cbe53cb4ee7932e529e9233fe607c3e7a562129043bb16b',9,'2026-08-01T12:01:45.000000+00:00','2026-08-01T12:02:06.000000+00:00',0,0,NULL,9,0,'2026-08-01T12:01:52.000000+00:00','2026-08-01T12:02:06.000000+00:00','failed',NULL,NULL,NULL,NULL,'["rejected","RENDER-FAIL","Zvid could not finish this video. Not charged.","asset 3 not readable"]',8);
INSERT INTO "intents" VALUES('11aa52bc-f05d-5017-a559-252fe4d43b7c','spreadsheet-1',0,'raajk','wide','97226ed4c08d62f7bbeee2061293a228056648fcbbfd0fb8ec4dd0cda68226ac',0,'{"format":"wide","values":[["headline","Sale in cancelled – “50 %” off"],["price","€ 9"],["accent",""],["badge",""],["link",""],["mood",""],["count",""]]}','cancelled','big-sale-raajk','e34fc660d5690f63027cc0915dbcd4afdd3fecf2efe8381e14ed7b49d9a7fd56','3','e9da28b9fb3a32093cbe53cb4ee7932e529e9233fe607c3e7a562129043bb16b',9,'2026-08-01T12:02:06.000000+00:00','2026-08-01T12:02:13.000000+00:00',0,0,NULL,NULL,NULL,NULL,'2026-08-01T12:02:13.000000+00:00',NULL,NULL,NULL,NULL,NULL,NULL,9);
CREATE TABLE payloads (
	hash VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (hash)
);
INSERT INTO "payloads" VALUES('e9da28b9fb3a32093cbe53cb4ee7932e529e9233fe607c3e7a562129043bb16b','{"name":"big-sale"}');
CREATE TABLE tabs (
	spreadsheet VARCHAR NOT NULL, 
	tab INTEGER NOT NULL, 
	learnt_at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (spreadsheet, tab)
);
INSERT INTO "tabs" VALUES('spreadsheet-1',0,'2026-07-04T12:00:00.000000+00:00');
CREATE TABLE templates (
	hash VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	projects TEXT NOT NULL, 
	first_used_at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (hash)
);
INSERT INTO "templates" VALUES('e34fc660d5690f63027cc0915dbcd4afdd3fecf2efe8381e14ed7b49d9a7fd56','Spring','3','{"square":{"duration":9,"resolution":"squared","type":"video","visuals":[{"svg":"<svg fill=\"{{accent}}\"><text>{{headline}}</text></svg>","type":"SVG"}]},"wide":{"duration":9,"resolution":"hd","type":"video","visuals":[{"svg":"<svg fill=\"{{accent}}\"><text>{{headline}}</text></svg>","type":"SVG"}]}}','2026-08-01T12:00:00.000000+00:00');
CREATE UNIQUE INDEX one_intent_per_name ON intents (spreadsheet, tab, record, format, fingerprint, attempt);
CREATE UNIQUE INDEX one_live_intent ON intents (spreadsheet, tab, record, format) WHERE state NOT IN ('completed', 'failed', 'cancelled');
CREATE INDEX intents_by_state ON intents (state);
CREATE INDEX ix_events_job_id ON events (job_id);
COMMIT;
